"""No release folder is written unless every gate has passed."""

from assets.definitions import defs
from assets.publications import CHECKS, FOLDER, RELEASE
from publications.gates.screener import GATES


def test_a_release_is_written_only_when_every_gate_found_nothing():
    specs = [spec for check in CHECKS for spec in check.check_specs]
    assert {spec.name for spec in specs} == set(GATES)
    assert all(spec.blocking and spec.asset_key == FOLDER for spec in specs)
    graph = defs.resolve_asset_graph()
    assert FOLDER in graph.get(RELEASE).parent_keys
    assert {spec.key for spec in specs} <= set(graph.asset_check_keys)
