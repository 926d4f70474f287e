"""What stands between the Dagster UI and other pages of a browser."""
