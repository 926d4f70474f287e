"""When and in what order: assets, jobs and checks. Only this package knows Dagster."""

import gc

# Loading makes hundreds of thousands of objects that stay. Python would look them through for
# garbage again and again meanwhile.
gc.set_threshold(50_000, 20, 50)
