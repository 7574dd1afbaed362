"""Pipeline coverage."""
