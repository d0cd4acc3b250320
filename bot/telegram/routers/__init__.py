"""What answers which update: one use case in the turn's transaction, then its screen."""
