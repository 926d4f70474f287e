"""How each room is made: pure functions of their arguments, without Dagster, clock or environment."""
