"""Witnesses and certificates: the proof that a pattern is safe, checked without the engine."""
