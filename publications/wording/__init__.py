"""Figures, names and markers in words: one place for each way of saying."""
