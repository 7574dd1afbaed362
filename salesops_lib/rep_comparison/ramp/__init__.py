"""Ramp: how long does a new rep need, and where do present joiners stand?"""
