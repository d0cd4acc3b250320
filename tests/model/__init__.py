"""The shop against a plain model of it, and a long life of it drawn at random."""
