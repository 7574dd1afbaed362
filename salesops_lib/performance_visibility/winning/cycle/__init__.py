"""Sales cycle and velocity."""
