"""Frames as tables of a page, and as CSV."""
