"""Months: was it a bad month, or is it a trend?"""
