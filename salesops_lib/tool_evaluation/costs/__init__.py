"""Costs: what do the tools cost, and what does a seat in use cost?"""
