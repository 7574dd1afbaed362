"""Time to win."""
