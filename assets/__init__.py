"""When and in what order: assets, jobs and checks. Only this package knows Dagster."""

import gc

# Loading makes hundreds of thousands of objects that stay. To look them through for garbage as
# often as Python does by itself takes a sixth of that time.
gc.set_threshold(50_000, 20, 50)
