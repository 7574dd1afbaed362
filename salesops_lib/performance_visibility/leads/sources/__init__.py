"""Leads by source."""
