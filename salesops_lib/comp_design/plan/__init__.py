"""The plan in force: what does it reward?"""
