"""Examples are drawn alike in every run: a failure in one run is a failure in all."""

from hypothesis import settings

settings.register_profile("alike", derandomize=True, deadline=None)
settings.load_profile("alike")
