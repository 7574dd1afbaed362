"""Causes: what of a rep's difference from the team comes before the rep?"""
