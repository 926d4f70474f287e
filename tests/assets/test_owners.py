"""Everything that Dagster shows with an owner has one, declared in one place."""

from assets.common import OWNERS, TEAM
from assets.definitions import defs

SEEN = defs.get_repository_def()


def test_every_asset_job_sensor_and_schedule_has_the_owners_that_are_declared():
    graph = SEEN.asset_graph
    jobs = [job for job in SEEN.get_all_jobs() if not job.name.startswith("__")]
    assert len(jobs) > 5
    assert len(SEEN.sensor_defs) > 3
    for one in (*jobs, *SEEN.sensor_defs, *SEEN.schedule_defs):
        assert one.owners == OWNERS, one.name
        assert one.tags["team"] == TEAM, one.name
    for key in graph.materializable_asset_keys:
        assert graph.get(key).owners == OWNERS, key
