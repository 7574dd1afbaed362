"""Customers: who stays, who is content, and who sells to those who stay?"""
