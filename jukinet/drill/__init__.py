"""Drills: what is shown to people, and the proofs that need none of our code."""
