"""Perturbation tables: made, read, and explained to readers."""
