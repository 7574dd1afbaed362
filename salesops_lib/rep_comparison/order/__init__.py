"""Order within segments: does the order of two sides hold where they work alike?"""
