"""Updates in, screens and news out."""
