"""Renewals: which contracts renew when, and by which day must notice be given?"""
