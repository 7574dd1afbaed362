"""Win rates three ways."""
