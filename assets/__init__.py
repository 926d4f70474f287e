"""When and where: Dagster, disk, database, clock and environment, and nothing else knows them."""
