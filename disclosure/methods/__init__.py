"""The disclosure-control methods that a population can declare."""
