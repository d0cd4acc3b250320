"""How the books came to look as they do: one file a step, forward only."""
