"""Missing goals."""
