"""Figures, names and markers in words: each wording has one place."""
