"""Releases on disk: versions, register, site, and what readers have already."""
