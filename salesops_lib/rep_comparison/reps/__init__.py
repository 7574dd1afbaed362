"""Reps side by side: what each sold, did and kept, and where the gaps come from."""
