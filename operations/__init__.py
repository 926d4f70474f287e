"""The state of the system: disk, databases, clock, environment and keys, without Dagster."""
