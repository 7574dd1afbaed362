"""Accuracy: how far off were these forecasts when only the past was known?"""
