"""Ranking: which tool serves best, and would that stand?"""
