"""Nobody gets in: what forged, hostile, huge and hasty input cannot do."""
