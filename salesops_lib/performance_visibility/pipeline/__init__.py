"""Pipeline: is there enough of it, what moves it, and can it be relied on?"""
