"""Benchmarks: speed and memory, beside peers and plain queries. No test is timed there."""
