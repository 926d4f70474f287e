"""What shape things have: the return pack, warehouse relations, populations, published tables."""
