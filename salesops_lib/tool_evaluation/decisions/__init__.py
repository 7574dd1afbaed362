"""Decisions: keep, fix, train, replace or merge?"""
