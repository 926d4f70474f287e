"""No code of the product is there for tests alone.

A function, class, method or constant is reached when its name stands elsewhere in the product, in
its templates and settings, or in the public documentation. vulture compares names, not objects, so
a name that two things share hides that only one of them is used.
"""

import re
import subprocess

import pytest
from vulture import Vulture

from operations.home.settings import ROOT

ROOMS = {"reference", "schemas", "pipelines", "disclosure", "publications", "operations"}
PRODUCT = ROOMS | {"assets", "verification"}
WRITTEN_FOR_READERS = ("README.md", "CONTRIBUTING.md", "disclosure/README.md", "docs/")
CODE = re.compile(r"```\w*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
WORD = re.compile(r"[^\W\d]\w*")
KINDS = {"function", "class", "method", "property", "import", "unreachable_code"}
CALLED_BY_THEIR_DECORATOR = ["@app.*", "@atexit.register", "@*.register"]
CALLED_BY_LIBRARIES = {
    "handle_output": "Dagster, when an asset is stored",
    "load_input": "Dagster, when an asset is read",
    "from_config_value": "Dagster, when it reads dagster.yaml",
    "_connect": "Dagster's log of events, for each connection",
    "__init_subclass__": "Python, when another class is derived from the class",
    "DataclassInstance": "mypy, which reads the annotation that is a text",
}


def listed():
    """The files of the repository that are tracked or new."""
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    return [name for name in names if (ROOT / name).is_file()]


def words(name, text):
    """The names that a template, a setting or a page of the documentation mentions as code."""
    if name.startswith(WRITTEN_FOR_READERS):
        text = " ".join(" ".join(found) for found in CODE.findall(text))
    return set(WORD.findall(text))


def unreached(modules, mentioned=frozenset()):
    """What the modules (path and text) define and nothing mentions, by name and line."""
    vulture = Vulture(
        ignore_names=[*CALLED_BY_LIBRARIES], ignore_decorators=CALLED_BY_THEIR_DECORATOR
    )
    for path, text in modules.items():
        vulture.scan(text, filename=path)
    return [
        f"{item.filename}:{item.first_lineno}: {item.typ} {item.name}"
        for item in vulture.get_unused_code()
        if (item.typ in KINDS or item.name.isupper()) and item.name not in mentioned
    ]


@pytest.fixture(scope="module")
def product():
    """The modules of the product, and the names that stand elsewhere."""
    texts = {name: ROOT / name for name in listed()}
    own = {n: p for n, p in texts.items() if n.partition("/")[0] in PRODUCT}
    modules = {n: p.read_text(encoding="utf-8") for n, p in own.items() if n.endswith(".py")}
    beside = {n: p for n, p in own.items() if n.endswith((".html", ".sql"))}
    beside |= {n: p for n, p in texts.items() if n.startswith(WRITTEN_FOR_READERS)}
    beside |= {n: texts[n] for n in ("Makefile", "dagster.yaml", "pyproject.toml")}
    mentioned = {
        word for n, p in beside.items() for word in words(n, p.read_text(encoding="utf-8"))
    }
    return modules, mentioned


def test_everything_in_the_product_is_reached(product):
    assert unreached(*product) == []


def test_what_only_a_test_could_reach_is_found(product):
    modules, mentioned = product
    added = "LEFT_OVER = 1\ndef left_over_step():\n    return 2\nclass LeftOver:\n    pass\n"
    found = unreached({**modules, "pipelines/left_over.py": added}, mentioned)
    assert found == [
        "pipelines/left_over.py:1: variable LEFT_OVER",
        "pipelines/left_over.py:2: function left_over_step",
        "pipelines/left_over.py:4: class LeftOver",
    ]


def test_a_name_in_the_documentation_counts_only_as_code():
    assert words("docs/a.md", "A screen. `gates.screened(x)`\n```\nkept = 1\n```") == {
        *("gates", "screened", "x", "kept")
    }


@pytest.mark.parametrize("name", CALLED_BY_LIBRARIES)
def test_a_name_that_a_library_calls_is_still_in_the_product(product, name):
    modules, _ = product
    assert any(re.search(rf"\b{name}\b", text) for text in modules.values())
