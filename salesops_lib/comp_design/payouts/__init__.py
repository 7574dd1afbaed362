"""Payouts: what did teams earn, how far do payouts lie apart, and who is left out?"""
