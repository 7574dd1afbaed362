"""Leaderboard: who is ahead this quarter, and does the same one always win?"""
