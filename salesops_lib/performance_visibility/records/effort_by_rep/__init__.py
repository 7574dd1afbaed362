"""Effort and result of each rep."""
