"""Alternatives: what would another plan have cost, and who would earn more?"""
