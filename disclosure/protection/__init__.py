"""The entrance: protect a table, audit it, keep it, and check that nobody changed it."""
