"""What all declarations share: a wrong one is refused when it is made, and its file is named."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import wraps
from inspect import signature
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

from schemas.errors import DeclarationError, UnknownParameter

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[1]
MAKERS = ("schemas", "dataclasses")
"""Packages whose functions make declarations for others: their callers declare."""
PRIVACY = (
    "How figures are protected is decided by the policy of a population, in "
    "publications/policies.py, and by nothing else."
)


def declared(kind: type[T]) -> type[T]:
    """Make a dataclass a declaration: its errors name the declaring file.

    An unknown parameter raises `UnknownParameter`, and any other fault `DeclarationError`.
    """
    make: Any = kind.__init__
    parameters = signature(make)
    known = [name for name in parameters.parameters if name != "self"]

    @wraps(make)
    def init(self: T, *given: Any, **named: Any) -> None:
        try:
            _check_parameters(kind.__name__, known, named)
            _check_complete(kind.__name__, known, lambda: parameters.bind(self, *given, **named))
            _check_truths(kind, parameters.bind(self, *given, **named).arguments)
            make(self, *given, **named)
        except DeclarationError as fault:
            raise type(fault)(fault.message, fault.file or declaring_file()) from fault.__cause__
        except (TypeError, AttributeError) as fault:
            raise DeclarationError(
                f"This {kind.__name__} has a value of the wrong kind: {fault}.", declaring_file()
            ) from fault

    setattr(kind, "__init__", init)  # noqa: B010 - a type checker forbids the assignment
    setattr(kind, "__init_subclass__", classmethod(_refuse_subclass))  # noqa: B010 - likewise
    return kind


def _check_truths(kind: type, arguments: Mapping[str, object]) -> None:
    """Raise for another value where a field says yes or no: "no" would count as true."""
    for name, value in arguments.items():
        if kind.__annotations__.get(name) == "bool" and not isinstance(value, bool):
            raise DeclarationError(f"This {kind.__name__} has {name}={value!r}. Say True or False.")


def _refuse_subclass(kind: type, /, **_: object) -> None:
    """Refuse a class that could answer otherwise than the declaration that was checked."""
    raise DeclarationError(
        f"{kind.__name__} is derived from {kind.__mro__[1].__name__}, but declarations are made "
        "of the classes in schemas/ as they are. Declare with those.",
        declaring_file(),
    )


def _check_parameters(kind: str, known: list[str], named: dict[str, Any]) -> None:
    unknown = [name for name in named if name not in known]
    if unknown:
        raise UnknownParameter(
            f"A {kind} has no parameter {', '.join(map(repr, unknown))}; it has "
            f"{', '.join(known)}. {PRIVACY}"
        )


def _check_complete(kind: str, known: list[str], bind: Callable[[], object]) -> None:
    try:
        bind()
    except TypeError as fault:
        raise UnknownParameter(
            f"This {kind} is not complete: {fault}. It takes {', '.join(known)}."
        ) from fault


def declaring_file() -> str:
    """Return the file that makes the declaration under way, from the root of the project.

    That is the nearest caller outside the functions that make declarations.
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and _makes(frame):
        frame = frame.f_back
    return shown_path(frame.f_code.co_filename) if frame else "an unknown file"


def _makes(frame: FrameType) -> bool:
    """Whether a frame is a function that makes declarations; the body of a module declares."""
    package = str(frame.f_globals.get("__name__", "")).partition(".")[0]
    return package in MAKERS and frame.f_code.co_name != "<module>"


def shown_path(path: str) -> str:
    """Write the path of a file from the root of the project; as it is when it lies elsewhere."""
    file = Path(path)
    return file.relative_to(ROOT).as_posix() if file.is_relative_to(ROOT) else file.as_posix()
