"""Benchmarks: speed and memory, beside peers and plain queries. Not tests: nothing is timed there."""
