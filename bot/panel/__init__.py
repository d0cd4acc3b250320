"""A client for panels that speak API v2, usable on its own."""
