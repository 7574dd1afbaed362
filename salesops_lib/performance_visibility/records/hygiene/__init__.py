"""Pipeline hygiene."""
