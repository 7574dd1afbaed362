"""Surveys: what do the people who use the tools say about them?"""
