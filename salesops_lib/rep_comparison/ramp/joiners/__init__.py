"""Joiners."""
