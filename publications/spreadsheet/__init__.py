"""Accessible spreadsheets: a format-neutral workbook and its writers."""
