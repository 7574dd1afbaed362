"""Incentives: what do the plans invite people to do?"""
