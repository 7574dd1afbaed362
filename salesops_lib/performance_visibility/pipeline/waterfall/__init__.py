"""Pipeline waterfall."""
