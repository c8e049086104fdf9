"""Nouns: frozen values that every other room may import, without I/O of their own."""
