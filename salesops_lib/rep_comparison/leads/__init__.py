"""Leads: are they shared out fairly, who got how many, and how good?"""
