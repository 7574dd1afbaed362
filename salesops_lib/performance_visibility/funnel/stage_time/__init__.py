"""Time in stage."""
