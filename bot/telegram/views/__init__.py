"""Screens and texts, drawn from what use cases return. No I/O."""
