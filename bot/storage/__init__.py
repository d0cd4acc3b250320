"""Tables, migrations and queries. Knows SQLAlchemy; returns domain objects."""
