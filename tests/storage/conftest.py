"""The books, on both engines."""

from tests.engines import clock, db, db_url, empty_url, engine_name, second

__all__ = ["clock", "db", "db_url", "empty_url", "engine_name", "second"]
