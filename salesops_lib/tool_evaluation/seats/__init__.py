"""Seats: who has one, and who uses it?"""
