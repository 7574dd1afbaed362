"""Practices: what those do, and write, who win more than expected."""
