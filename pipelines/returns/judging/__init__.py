"""Which packs and rows are accepted, and what was found in them, beside other areas and history."""
