"""Records and effort: can the pipeline be trusted, is the process kept, and what does a win take?"""
