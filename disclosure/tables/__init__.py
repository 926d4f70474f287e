"""Cells, hierarchies, the sums that tie them, and the keys of the people in them."""
