"""Layouts of published tables that spreadsheets, pages and open data share."""
