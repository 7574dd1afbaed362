"""Leads: how many come, from where, how soon we answer, and what becomes of them?"""
