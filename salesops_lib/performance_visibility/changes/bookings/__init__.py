"""Bookings of two periods, and what moved them."""
