"""Sentences and figures in text, each bound to the published cells it comes from."""
