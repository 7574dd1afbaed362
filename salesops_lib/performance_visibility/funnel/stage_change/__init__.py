"""Stage change."""
