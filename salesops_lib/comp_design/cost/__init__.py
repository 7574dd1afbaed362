"""Cost of sales: what does a unit of bookings cost in pay?"""
