"""The home of the state: settings, audiences, clock, locks and keys."""
