"""When and in what order: assets, jobs and checks. Only this package knows Dagster."""
