"""Goals: are we on track, and who is not?"""
