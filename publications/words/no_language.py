"""What belongs to no language: cited cells, facts, sections, pages and planned developments."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def declared(name: str) -> dict[str, Any]:
    """Return the content of `<name>.toml`."""
    text = files("publications.words").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
