"""Guards proved by breaking them: each patch has to turn its test red."""
