"""Outlook: what will the next months bring?"""
