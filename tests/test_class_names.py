"""One word means one thing: no two classes that others import have one name."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

from tests.test_architecture import ROOMS

ROOT = Path(__file__).parents[1]
OF_THE_VERIFIER = {"Cell", "Dimension", "Figure"}
"""The verifier imports nothing of the product, and these mean there what they mean elsewhere."""
ONE_FOR_EACH_ROOM = {"Tuning"}


def shared(files: list[tuple[str, str]]) -> dict[str, list[str]]:
    """The names of public classes that several modules define, with these modules."""
    places = defaultdict(list)
    for path, text in files:
        for node in ast.parse(text).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(path)
    return {name: found for name, found in places.items() if len(found) > 1}


def test_no_two_public_classes_have_one_name():
    files = [
        (path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
    ]
    assert len(files) > 500
    found = shared(files)
    for name in OF_THE_VERIFIER:
        in_product = [path for path in found.pop(name) if not path.startswith("verification/")]
        assert len(in_product) == 1
    for name in ONE_FOR_EACH_ROOM:
        rooms = [Path(path).parent for path in found.pop(name)]
        assert len(set(rooms)) == len(rooms)
    assert found == {}


def test_a_second_class_of_one_name_would_be_found():
    a, b = ("a.py", "class Place:\n    pass\n"), ("b.py", "class Place:\n    pass\n")
    assert shared([a, b]) == {"Place": ["a.py", "b.py"]}
    assert shared([a, ("b.py", "class _Place:\n    pass\n")]) == {}
