"""Numbers that steer a search stand in one place per room, each with its explanation."""

from __future__ import annotations

import ast
import importlib
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

import disclosure

ROOT = Path(disclosure.__file__).parent
TUNED = ("algebra", "attacker", "inference", "methods", "perturbation", "suppression")
UNTUNED = ("proof", "protection", "tables")
"""Rooms that search for nothing: all their numbers are definitions."""

DEFINITIONS = {
    "algebra/prime.py": {"PRIME"},
    "algebra/residues.py": {"LARGEST"},
    "algebra/solver.py": {"INFINITY"},
    "methods/method.py": {
        "NEARLY_ALL",
        "SMALL",
        "LIKELIEST",
        "OF_FEW",
        "FEWEST",
        "REACH",
        "DOUBT",
        "DOUBTED",
    },
    "methods/magnitudes.py": {"LARGEST", "STEPS"},
    "methods/rules.py": {"SAFE", "LARGEST"},
    "perturbation/ons.py": {"PERIOD"},
    "perturbation/ptable.py": {"STEPS", "GRAIN"},
    "perturbation/splits.py": {"UNKNOWN", "NOTHING"},
    "proof/witness.py": {"LARGEST", "HAIR"},
    "protection/claims.py": {"NOTHING"},
    "suppression/tuning.py": {"ALL"},
    "tables/cells.py": {"KEY_MODULUS"},
    "tables/contributions.py": {"LARGEST"},
    "tables/coordinates.py": {"_LIMIT"},
    "tables/keys.py": {"BLOCK"},
    "tables/system.py": {"LARGEST", "_SHOWN"},
}
"""Numbers that define something: a modulus, a mark, how exact floats are, a promise."""


PARAMETERS = {
    "methods/rules.py": {"prior_posterior"},
    "perturbation/proof_sheet.py": {"greatest_certainty"},
    "tables/contributions.py": {"facts"},
}
"""Functions with a number as a default that defines what they do."""

EVERYWHERE = {0, 1, 2, 0.5, 10, 100}
"""Where counting starts, halves and doubles, decimal digits and percentages."""

WITHIN = {
    "algebra/basis.py": ({30, 31}, "products of residues are added in halves of 30 bits"),
    "algebra/elimination.py": ({30, 31}, "products of residues are added in halves of 30 bits"),
    "attacker/whole_release.py": ({50}, "half of a hundred per cent"),
    "inference/step_programs.py": ({4}, "how HiGHS numbers its primal simplex method"),
    "methods/certain.py": ({51}, "likely is more than half"),
    "methods/controlled.py": ({3}, "three kinds of steps: up, further up, further down"),
    "methods/magnitudes.py": ({999, 1000, 2000}, "noise is declared in thousandths"),
    "perturbation/proof_sheet.py": ({3, 5}, "which counts and differences the sheet shows"),
    "perturbation/ptable.py": ({64, 1e-13, 1e-15, 1e-300}, "they define a perturbation table"),
    "perturbation/readings.py": ({500, 1000}, "noise is declared in thousandths"),
    "proof/checking.py": ({61, 62}, "whole numbers of 64 bits, with room for a sum and a sign"),
    "protection/audit.py": ({5}, "how many facts an error lists"),
    "protection/protect.py": ({12}, "how many digits of a fingerprint an error shows"),
    "tables/cells.py": ({5}, "how many cells an error lists"),
    "tables/keys.py": ({4, 8, 16, 0x36, 0x5C}, "the keyed hash, as its standard defines it"),
    "tables/linking.py": ({5}, "how many codes an error lists"),
    "tables/relations.py": ({5}, "how many codes an error lists"),
    "tables/system.py": ({1e-6, 1e-9, 1e-12}, "what a table system allows sums to be off"),
}
"""Numbers within functions that define something, each with the reason."""


def numbers_within(path: Path) -> set[float]:
    """Return the numbers in the bodies of functions but for those that may be everywhere."""
    functions = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    ]
    parts = [part for one in functions for line in one.body for part in ast.walk(line)]
    constants = [part.value for part in parts if isinstance(part, ast.Constant)]
    return {value for value in constants if type(value) in (int, float)} - EVERYWHERE


@pytest.mark.parametrize("room", [*TUNED, *UNTUNED])
def test_numbers_within_functions_are_definitions_with_a_reason(room):
    found = {
        f"{room}/{path.name}": numbers_within(path) for path in sorted((ROOT / room).glob("*.py"))
    }
    assert {name: of for name, of in found.items() if of} == {
        name: of for name, (of, _) in WITHIN.items() if name.startswith(f"{room}/")
    }


def test_a_tolerance_in_the_middle_of_a_function_is_seen(tmp_path):
    path = tmp_path / "search.py"
    path.write_text("def f(x):\n    return x > 1e-9 or x // 4 > 2 or -x > 100\n")
    assert numbers_within(path) == {1e-9, 4}


def numbers_of(path: Path) -> set[str]:
    """Return the names of a module that are bound to bare numbers, or tuples with some."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        if value is None or any(isinstance(part, ast.Call) for part in ast.walk(value)):
            continue
        constants = [part for part in ast.walk(value) if isinstance(part, ast.Constant)]
        if any(type(part.value) in (int, float) for part in constants):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {name.id for name in targets if isinstance(name, ast.Name)}
    return found


@pytest.mark.parametrize("room", [*TUNED, *UNTUNED])
def test_numbers_outside_the_tuning_are_definitions(room):
    for path in sorted((ROOT / room).glob("*.py")):
        name = f"{room}/{path.name}"
        assert numbers_of(path) == DEFINITIONS.get(name, set()), name


def defaults_of(path: Path) -> set[str]:
    """Return the functions that limit something by a bare number, as a default or a decorator does.

    0 and 1 are where counting starts, and no limits.
    """
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            given = [*node.args.defaults, *node.args.kw_defaults, *node.decorator_list]
            numbers = [
                part.value
                for one in given
                if one is not None
                for part in ast.walk(one)
                if isinstance(part, ast.Constant) and type(part.value) in (int, float)
            ]
            if set(numbers) - {0, 1}:
                found.add(node.name)
    return found


@pytest.mark.parametrize("room", [*TUNED, *UNTUNED])
def test_no_function_has_a_limit_of_its_own(room):
    found = {
        f"{room}/{path.name}": defaults_of(path) for path in sorted((ROOT / room).glob("*.py"))
    }
    assert {name: of for name, of in found.items() if of} == {
        name: of for name, of in PARAMETERS.items() if name.startswith(f"{room}/")
    }


@pytest.mark.parametrize("room", TUNED)
def test_every_field_of_a_tuning_says_what_it_is(room):
    tree = ast.parse((ROOT / room / "tuning.py").read_text(encoding="utf-8"))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    (tuning,) = [node for node in classes if node.name == "Tuning"]
    bare = [
        node.target.id
        for node, after in zip(tuning.body, [*tuning.body[1:], None], strict=True)
        if isinstance(node, ast.AnnAssign)
        and not (isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant))
    ]
    assert bare == []


@pytest.mark.parametrize("room", TUNED)
def test_a_tuning_cannot_be_changed_in_place_and_every_field_is_used(room):
    tuning = importlib.import_module(f"disclosure.{room}.tuning").TUNING
    names = [field.name for field in fields(tuning)]
    with pytest.raises(FrozenInstanceError):
        setattr(tuning, names[0], 0)
    modules = [path for path in (ROOT / room).glob("*.py") if path.name != "tuning.py"]
    text = "".join(path.read_text(encoding="utf-8") for path in modules)
    assert [name for name in names if f"TUNING.{name}" not in text] == []
