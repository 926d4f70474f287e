"""In which file and line of the project an error came while the file was loaded."""

from __future__ import annotations

from traceback import extract_tb


def places_of(error: BaseException) -> list[tuple[str, int | None, str]]:
    """Return path, line and fault of each module that was being loaded, the innermost last.

    Of a file that is no Python it is that file alone.
    """
    if isinstance(error, SyntaxError):
        return [(error.filename or "", error.lineno, error.msg)]
    frames = extract_tb(error.__traceback__)
    return [(one.filename, one.lineno, str(error)) for one in frames if one.name == "<module>"]
