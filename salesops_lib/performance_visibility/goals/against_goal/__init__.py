"""Bookings against goal."""
