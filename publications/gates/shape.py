"""The declared shape of a JSON document: which keys each object has, and what kind of value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Each:
    """Every entry of a list, or every value of an object, has one shape."""

    shape: Any


@dataclass(frozen=True)
class OneOf:
    """An object has one of several shapes."""

    shapes: tuple[dict[str, Any], ...]


def misshapen(content: Any, shape: Any, at: str = "") -> Iterator[str]:
    """Say where a document has not its declared shape.

    A shape is a dictionary of keys (all of them and no other), `Each`, `OneOf`, or the types that
    a value may have. Keys that should not be there are not named, since they may be anything.
    """
    match shape:
        case Each(shape=inner):
            yield from _each(content, inner, at)
        case OneOf(shapes=shapes):
            keys = content.keys() if isinstance(content, dict) else ()
            fitting = (one for one in shapes if one.keys() == keys)
            yield from misshapen(content, next(fitting, shapes[0]), at)
        case dict():
            if not isinstance(content, dict) or content.keys() != shape.keys():
                yield f"{at or '/'} has not the keys {', '.join(shape)} and no other."
                return
            for name, inner in shape.items():
                yield from misshapen(content[name], inner, f"{at}/{name}")
        case _:
            if not isinstance(content, shape) or (isinstance(content, bool) and shape is int):
                yield f"{at} holds a value of another kind than it should."


def _each(content: Any, shape: Any, at: str) -> Iterator[str]:
    if not isinstance(content, dict | list):
        yield f"{at or '/'} holds no list."
        return
    named = content.items() if isinstance(content, dict) else enumerate(content)
    for name, inner in named:
        yield from misshapen(inner, shape, f"{at}/{name}")
