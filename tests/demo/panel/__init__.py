"""The panel stand-in."""
