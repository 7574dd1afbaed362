"""Verdicts: who wins more or less of what they close than luck and the mix of deals explain?"""
