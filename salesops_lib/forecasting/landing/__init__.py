"""Landing: where will the quarter end?"""
