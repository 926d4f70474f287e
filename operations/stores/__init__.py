"""The stores of figures: databases, and what is kept in them by quarter."""
