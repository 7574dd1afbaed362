"""Effort and customers."""
