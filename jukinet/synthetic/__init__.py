"""Fictional residents from a seed: nothing here comes from, or may be filled from, a real register."""
