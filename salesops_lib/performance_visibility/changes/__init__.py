"""What changed: bookings then and now, and what earlier reports said."""
