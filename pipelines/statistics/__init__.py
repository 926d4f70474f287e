"""Statistics: rows of a population counted into cells, zeros included."""
