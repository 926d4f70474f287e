"""What we publish: populations, tables, the release and the writers that render it."""
