"""The pages that list the rooms say what the import contracts say: every room, in their order."""

import re
import tomllib

import pytest

from operations.home.settings import ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
PAGE = (ROOT / "docs" / "architecture.md").read_text()
Layers = list[frozenset[str]]


def contract(container: str | None) -> Layers:
    """The layers of the one contract over a container, or over the top folders, from the top."""
    [found] = [
        each["layers"]
        for each in CONTRACTS["contracts"]
        if each["type"] == "layers"
        and each.get("containers") == ([container] if container else None)
    ]
    return [frozenset(layer.split(" | ")) for layer in found]


def layers_of(text: str, separator: str) -> Layers:
    """The rooms in backticks of a description; those of one layer stand between separators."""
    return [frozenset(re.findall(r"`(\w+)/?`", part)) for part in text.split(separator)]


def rows_below(page: str, heading: str) -> list[list[str]]:
    """The cells of each row of the table that begins with a heading."""
    lines = page[page.index(heading) :].split("\n\n", maxsplit=1)[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def column(page: str, heading: str, number: int) -> Layers:
    """The layers of one column: rooms stand before the colon of a cell, layers beside `then`."""
    cells = [row[number].partition(":")[0] for row in rows_below(page, heading)]
    return [layer for cell in cells if cell for layer in layers_of(cell, ", then ")]


def chain(start: str, top: str) -> Layers:
    """The layers of the row of rules that names `top` first, after `start`, joined with `>`."""
    [row] = [line for line in PAGE.splitlines() if line.startswith(f"| {start}`{top}` > ")]
    return layers_of(row.removeprefix(f"| {start}").partition("|")[0].partition(";")[0], " > ")


@pytest.mark.parametrize("room", ["disclosure", "publications", "operations"])
def test_the_architecture_lists_the_rooms_of_the_contract(room):
    heading = "| `disclosure/` | `publications/` | `operations/` |"
    number = heading.split("`")[1::2].index(f"{room}/")
    assert column(PAGE, heading, number) == contract(room)


def test_the_readme_of_disclosure_lists_the_rooms_of_the_contract():
    page = (ROOT / "disclosure" / "README.md").read_text()
    listed = [layers_of(row[0], ", then ")[0] for row in rows_below(page, "| room | holds |")]
    assert listed == contract("disclosure")


def test_the_order_of_the_top_folders_is_that_of_the_contract():
    assert chain("", "assets") == contract(None)


def test_the_order_within_the_returns_is_that_of_the_contract():
    assert chain("`pipelines/returns/`: ", "accepted") == contract("pipelines.returns")


NAMED_LOCKS = re.compile(r'f?"((?:run-\{run_id\}|\w+)\.lock)"')


def test_the_table_of_locks_names_every_lock_file_in_the_code():
    """The lock of a store has the name of its file, and the one of the register lies beside it."""
    code = [*(ROOT / "assets").rglob("*.py"), *(ROOT / "operations").rglob("*.py")]
    found = {name for file in code for name in NAMED_LOCKS.findall(file.read_text())}
    stores = {f"{name}.duckdb.lock" for name in ("confidential", "protected")}
    listed = {n for row in rows_below(PAGE, "| lock | held by |") for n in row[0].split("`")[1::2]}
    assert listed == {name.replace("{run_id}", "<id>") for name in found} | stores
