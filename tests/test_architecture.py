"""The one-way flow, the seal, the stores and the asset graph."""

import ast
import re
import subprocess
import sys
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

from operations.home.settings import ROOT

ROOMS = (
    "reference",
    "schemas",
    "pipelines",
    "disclosure",
    "publications",
    "verification",
    "operations",
    "assets",
)
HEAVY = ("great_expectations", "scipy", "highspy", "numba", "pandera", "matplotlib")


def modules(*rooms):
    return [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]


def imports(path):
    """Every module that a file imports, in whatever function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def names_called(path):
    """Every dotted name that a file calls or reads, such as `datetime.now` or `os.environ`."""
    return {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }


def test_the_import_contracts_hold():
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", modules(*ROOMS[:-2]), ids=lambda p: str(p.relative_to(ROOT)))
def test_only_operations_and_assets_know_the_clock_and_the_environment(path):
    forbidden = {
        "datetime.now",
        "datetime.today",
        "datetime.utcnow",
        "date.today",
        "time.time",
        "os.environ",
        "os.getenv",
    }
    assert not names_called(path) & forbidden
    assert not imports(path) & {"random", "secrets", "uuid"}


def test_one_module_reads_the_clock():
    readers = [p.name for p in modules("operations", "assets") if "datetime.now" in names_called(p)]
    assert readers == ["clock.py"]


def test_the_seal_has_two_importers():
    importers = [
        str(path.relative_to(ROOT))
        for path in modules(*ROOMS)
        if any(name.startswith("disclosure.protection._seal") for name in imports(path))
    ]
    assert importers == ["disclosure/protection/protect.py", "disclosure/protection/store.py"]


ON_DEMAND = {
    f"assets/{name}.py"
    for name in (
        *("area_commands", "check_command", "cli", "decision_commands", "entry", "instance"),
        *("keeping", "score_command", "single_steps", "user_errors"),
    )
}
"""Commands that answer at once import Dagster and Polars only when they need them.

A lazy entrance does not help them. It serves the names that a package of ours exports, and these
commands need Dagster and Polars themselves, and modules of many rooms that load them.
"""


@pytest.mark.parametrize("path", modules(*ROOMS), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_stand_at_the_top(path):
    inside = [
        node.lineno
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert bool(inside) == (str(path.relative_to(ROOT)) in ON_DEMAND), inside


def packages():
    found = [path.parent for path in modules(*ROOMS) if path.name == "__init__.py"]
    return [import_module(".".join(folder.relative_to(ROOT).parts)) for folder in found]


@pytest.mark.parametrize("package", packages(), ids=lambda package: package.__name__)
def test_a_public_name_is_there_and_is_no_module(package):
    for name in getattr(package, "__all__", ()):
        assert not isinstance(getattr(package, name), ModuleType), name


def test_importing_the_definitions_imports_nothing_heavy():
    code = f"import sys, assets.definitions; print(*[m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


def test_what_is_published_comes_from_protected_assets_only():
    from assets.definitions import defs

    graph = defs.resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        if key.path[0] == "publications":
            rooms = {parent.path[0] for parent in graph.get(key).parent_keys}
            assert rooms <= {"protected", "publications"}, key.path


def test_the_group_of_publications_is_a_chain_that_ends_in_the_site():
    from assets.definitions import defs

    graph = defs.resolve_asset_graph()
    parents = {
        key.path[1]: {"/".join(parent.path) for parent in graph.get(key).parent_keys}
        for key in graph.get_all_asset_keys()
        if key.path[0] == "publications"
    }
    chain = ["edition", "folder", "release", "sign_off", "site"]
    beside = {"correction", "explanations", "known_errors", "treatment"}  # jobs of their own
    assert parents.keys() - beside == set(chain)
    for before, after in pairwise(chain):
        assert f"publications/{before}" in parents[after]
    assert sum(map(len, parents.values())) <= 12


def test_the_release_waits_for_everything_that_is_made_before_it():
    from assets.definitions import defs
    from assets.publications import RELEASE, SOURCES
    from assets.whole_run import EVERY_STEP, MADE_BEFORE

    graph = defs.resolve_asset_graph()

    def before(*keys):
        found = {parent for key in keys for parent in graph.get(key).parent_keys}
        return found | before(*found) if found else found

    assert before(EVERY_STEP) == set(MADE_BEFORE)
    protected = {key for key in MADE_BEFORE if key.path[0] == "protected"}
    assert protected <= before(*SOURCES) | set(SOURCES)
    assert set(MADE_BEFORE) <= before(RELEASE)
    assert len(graph.get(EVERY_STEP).parent_keys) <= 5


def test_dagster_has_a_picture_for_every_kind():
    import dagster_webserver

    from assets.definitions import defs

    graph = defs.resolve_asset_graph()
    tags = {tag for key in graph.get_all_asset_keys() for tag in graph.get(key).tags}
    kinds = {tag.rpartition("/")[2] for tag in tags if tag.startswith("dagster/kind/")}
    scripts = Path(dagster_webserver.__file__).parent.rglob("chunks/*.js")
    [pictures] = [
        text for path in scripts if "tool-greatexpectations" in (text := path.read_text())
    ]
    assert kinds
    assert [kind for kind in kinds if not re.search(rf"[{{,]{kind}:{{(icon|src):", pictures)] == []


def test_every_asset_has_a_group_a_description_an_owner_and_a_kind():
    from assets.definitions import defs

    graph = defs.resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.group_name == key.path[0]
        assert node.description
        assert node.owners
        assert any(tag.startswith("dagster/kind/") for tag in node.tags), key.path
        assert node.partitions_def is not None


def test_every_module_says_what_lives_in_it():
    silent = [p for p in modules(*ROOMS) if not ast.get_docstring(ast.parse(p.read_text()))]
    assert silent == []


def test_no_committed_file_holds_a_machine_path_or_an_index_address():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    marks = ("../" + "shared", "--index" + "-url", "/" + "root/", "/" + "work/")
    for name in listed.stdout.split("\n"):
        path = ROOT / name
        if path.is_file() and path.suffix in {".py", ".md", ".toml", ".yaml", ".lock", ".sql", ""}:
            text = path.read_text(errors="replace")
            assert not [mark for mark in marks if mark in text], name


TESTS_OF_THE_WHOLE = {"golden", "spec", "ui"}
"""Tests of whole releases, of the rules that areas and readers rely on, and of the browser."""


def folders_with(pattern, *folders):
    found = [path.parent for folder in folders for path in folder.rglob(pattern)]
    return {folder.relative_to(ROOT) for folder in found}


def test_tests_stand_in_the_folders_of_the_rooms_that_they_test():
    rooms = folders_with("__init__.py", *(ROOT / room for room in ROOMS))
    tests = {Path(*path.parts[1:]) for path in folders_with("test_*.py", ROOT / "tests")}
    of_rooms = {path for path in tests if path.parts and path.parts[0] not in TESTS_OF_THE_WHOLE}
    assert rooms - {folder for path in of_rooms for folder in (path, *path.parents)} == set()
    assert of_rooms - rooms == set()
