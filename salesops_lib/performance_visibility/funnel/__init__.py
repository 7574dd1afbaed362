"""Funnel: what becomes of the deals in each stage, and what of that has changed?"""
