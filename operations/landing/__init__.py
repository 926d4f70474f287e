"""Return packs as they came, with a receipt for each."""
