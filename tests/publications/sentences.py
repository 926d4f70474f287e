"""Every sentence that the catalogues and declarations of a release hold, and words in code."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment

import publications

ROOT = Path(publications.__file__).parent
CLAIMS = re.compile(
    r"\b(checks?|checked|approved|granted|published|seen|saw|keeps?|kept|corrected|corrections?|"
    r"nobody|none|every|never|always|tested|proved|proves|confirmed|announced|delivered|will|"
    r"attacks?|attacked|audited|guarantees?|guaranteed|identical|complete|replaced|programs|"
    r"compare|promised?|recorded|no record|"
    r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half)\b",
    re.IGNORECASE,
)
"""Words that assert what was done, or a number: a sentence with one must be listed."""
FOR_READERS = re.compile(r"[A-Za-z]{2,},? [a-z]{2,}|^[A-Z][a-z]+\b(?![\w(])")
"""Two words beside each other, or a word with a capital."""
MARKUP = re.compile(r"[<>=]|^[\w.-]+/[\w./+-]+$")
SILENT = ("errors.py", "gates/", "risk/")
"""Modules and rooms that write nothing for readers of a release."""
END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\u2026])")


def claims() -> dict[str, str]:
    """Every sentence with a word of a claim, and the file that it stands in."""
    return {
        sentence: path
        for path, text in _texts()
        for sentence in END.split(" ".join(text.split()))
        if CLAIMS.search(sentence) and " " in sentence
    }


def _texts() -> Iterator[tuple[str, str]]:
    for path in sorted(ROOT.glob("words/en/*.toml")):
        content = tomllib.loads(path.read_text())
        yield from ((f"words/en/{path.name}", text) for text in _strings(content))
    for path in sorted(ROOT.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(SILENT):
            continue
        yield from ((name, text) for text in literals(ast.parse(path.read_text())))


def _plain(text: str) -> str:
    """The text with each figure or name that is filled in as an ellipsis."""
    text = re.sub(r"\{\{ plural\(.*?other='([^']*)'\) \}\}", r"\1", text)
    text = re.sub(r"\{\{.*?\}\}", "\u2026", re.sub(r"\{%.*?%\}", "\n", text))
    return re.sub(r"\{\w+\}", "\u2026", text)


def _strings(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield from _plain(re.sub(r"<[^>]*>", "", content)).split("\n")
    elif isinstance(content, dict | list):
        for inner in content.values() if isinstance(content, dict) else content:
            yield from _strings(inner)


def literals(tree: ast.AST) -> Iterator[str]:
    """The texts in code that readers may see: no docstrings, no messages of errors."""
    silent = {id(inner) for node in ast.walk(tree) for inner in _unread(node)}
    for node in ast.walk(tree):
        if id(node) in silent:
            continue
        if isinstance(node, ast.JoinedStr):
            silent |= {id(part) for part in ast.walk(node)}
            yield "".join(
                part.value if isinstance(part, ast.Constant) else "\u2026" for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.sub(r"\{\w+\}", "\u2026", node.value)


def in_code(text: str) -> Iterator[str]:
    """The literals of a module that look like words for readers."""
    for literal in literals(ast.parse(text)):
        words = re.sub(r"<[^>]*>", " ", literal)
        if FOR_READERS.search(words.strip()) and not MARKUP.search(words):
            yield literal


def in_template(text: str) -> list[str]:
    """The words that stand in a template itself: outside tags, and in attributes that are read."""
    found = "".join(value for _, kind, value in Environment().lex(text) if kind == "data")
    spoken = re.findall(r'(?:aria-label|alt|title|placeholder)="([^"{]+)"', found)
    shown = re.sub(r"<[^>]*>|<[^>]*$|^[^<]*>", " ", re.sub(r"<style>.*?</style>", "", found))
    return re.findall(r"[A-Za-z]{2,}[^<\n]*", " ".join([shown, *spoken]))


def _unread(node: ast.AST) -> Iterator[ast.AST]:
    """What of a node is no text of the release: docstrings, messages of errors and of the log."""
    is_logged = isinstance(node, ast.Call) and ast.unparse(node.func).startswith("log.")
    is_named = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    if isinstance(node, ast.Raise) or is_logged or is_named:
        yield from ast.walk(node)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
