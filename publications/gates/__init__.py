"""What the gates check, by subject; `screener` lists them."""
