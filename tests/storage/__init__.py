"""Tests of bot.storage, on SQLite and PostgreSQL."""
