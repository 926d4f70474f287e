"""Packs as they came: read once within limits, named, hashed, kept and opened. No row is judged."""
