"""Effort."""
