"""Open data: CSV with metadata, code lists, and the manifest of the folder."""
