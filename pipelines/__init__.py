"""How each room is made: pure functions, without Dagster, clock or environment."""
