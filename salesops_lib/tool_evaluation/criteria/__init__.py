"""Criteria: how does each tool do by what the company asks of it?"""
