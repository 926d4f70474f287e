"""No function, class or constant of a module is there for tests alone, whatever others are called.

A definition at the top of a module is reached when the product or the bench uses it by way of that
module: in the module itself outside its own lines, by an import of it (through the front of a
package too), or as an attribute of the module. What a page of the documentation imports or names
with its module is for readers, and what a library's registry or decorator calls is not looked at.
"""

import ast
import re

import pytest

import disclosure
from operations.home.settings import ROOT

ROOMS = (
    *("reference", "schemas", "pipelines", "disclosure", "publications", "operations", "assets"),
    *("verification", "bench"),
)
OURS = {"cache", "contextmanager", "dataclass", "declared", "final", "lru_cache", "total_ordering"}
"""Decorators that call nothing by themselves."""
PAGES = ("README.md", "CONTRIBUTING.md", "disclosure/README.md", "*.yaml", "*.toml", "docs/**/*.md")
BY_NAME = {
    ("disclosure.algebra.compiled_engine", "solve"): "disclosure.algebra.solver chooses the engine",
    ("disclosure.algebra.plain_engine", "solve"): "likewise",
}


def modules():
    """The text of each module by its dotted name; those of packages end with `.__init__`."""
    files = (file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py")))
    return {
        ".".join(file.relative_to(ROOT).with_suffix("").parts): file.read_text(encoding="utf-8")
        for file in files
    }


def pages():
    return "\n".join(file.read_text() for page in PAGES for file in sorted(ROOT.glob(page)))


def plain(module):
    return module.removesuffix(".__init__")


class Uses(ast.NodeVisitor):
    """What one module uses: its own names, names that it imports, attributes of modules."""

    def __init__(self, module, text, known):
        self.module, self.known = plain(module), known
        self.imported, self.used, self.modules = set(), set(), {}
        tree = ast.parse(text)
        for node in ast.walk(tree):
            self.note_import(node)
        for node in tree.body:
            self.own = getattr(node, "name", None)
            self.visit(node)

    def note_import(self, node):
        if isinstance(node, ast.Import):
            self.modules |= {one.asname or one.name: one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            for one in node.names:
                full = f"{node.module}.{one.name}"
                if full in self.known:
                    self.modules[one.asname or one.name] = full
                else:
                    self.imported.add((node.module, one.name))

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Load) and node.id != self.own:
            self.used.add((self.module, node.id))

    def visit_Attribute(self, node):
        base = ast.unparse(node.value)
        if base in self.modules:
            self.used.add((self.modules[base], node.attr))
        elif node.attr.isupper():
            self.used.add(("", node.attr))
        self.generic_visit(node)

    def visit_Constant(self, node):
        if isinstance(node.value, str) and node.value.isupper():
            self.used.add(("", node.value))


def defined(module, text):
    """The definitions at the top of a module that nothing but a use can reach."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            if {re.split(r"[.(]", ast.unparse(one))[-1] for one in node.decorator_list} <= OURS:
                yield plain(module), node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from ((plain(module), one.id) for one in targets if isinstance(one, ast.Name))


def reached(texts, start=frozenset()):
    """What the product uses, by module and name; a front of a package passes uses on."""
    known = {plain(module) for module in texts}
    uses = {module: Uses(module, text, known) for module, text in texts.items()}
    found = {use for one in uses.values() for use in one.used} | start
    fronts = {m: one for m, one in uses.items() if m.endswith(".__init__")}
    found |= {use for m, one in uses.items() if m not in fronts for use in one.imported}
    while True:
        more = {
            (module, name)
            for front, one in fronts.items()
            for module, name in one.imported
            if (plain(front), name) in found
        } - found
        if not more:
            return found
        found |= more


def imported_in(written):
    """What the code of the documentation imports, by module and name."""
    lines = re.findall(r"from ([\w.]+) import ([\w, ]+)", written)
    return {(module, name.strip()) for module, names in lines for name in names.split(",")}


def unreached(texts, written):
    """The definitions that are not reached, by module and name."""
    found = reached(texts, imported_in(written))

    def is_written(module, name):
        at = re.escape(module)
        return re.search(rf"\b{at}[.:]{name}\b|{at}\s+class: {name}\b", written)

    return [
        (module, name)
        for text_of, text in texts.items()
        if not text_of.startswith("bench.")
        for module, name in defined(text_of, text)
        if not {(module, name), ("", name)} & found
        and not (name.startswith("__") or (module, name) in BY_NAME)
        and not (module.startswith("disclosure") and name in disclosure.__all__)
        and not is_written(module, name)
    ]


def test_everything_at_the_top_of_a_module_is_reached_by_way_of_it():
    assert unreached(modules(), pages()) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("def counted():\n    return counted()\n", ["counted"]),
        ("LIMIT = 3\n", ["LIMIT"]),
        ("class Pack:\n    pass\n", ["Pack"]),
        ("def counted():\n    return 1\nALL = counted()\nprint(ALL)\n", []),
        ("@app.command()\ndef counted():\n    return 1\n", []),
    ],
)
def test_what_shares_its_name_with_something_reached_is_found(text, found):
    other = "from a.other import counted, Pack\nLIMIT = counted(Pack)\nprint(LIMIT)\n"
    texts = {"a.__init__": "", "a.one": text, "a.other": "def counted(): ...\n", "a.user": other}
    assert [name for module, name in unreached(texts, "") if module == "a.one"] == found


def test_a_front_of_a_package_passes_on_only_what_is_used():
    texts = {
        "a.__init__": "from a.one import kept, left\n",
        "a.one": "def kept(): ...\ndef left(): ...\n",
        "b": "from a import kept\nkept()\n",
    }
    assert unreached(texts, "") == [("a.one", "left")]
    assert unreached(texts, "`from a.one import left`") == []


@pytest.mark.parametrize("place", BY_NAME)
def test_what_is_chosen_by_name_is_there(place):
    module, name = place
    assert (module, name) in set(defined(module, modules()[module]))
