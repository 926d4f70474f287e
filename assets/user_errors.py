"""What the command line says of errors: one message each, without a traceback."""

from __future__ import annotations

import os
from collections.abc import Callable
from errno import EACCES, EPERM, EROFS
from functools import wraps
from typing import Any, TypeVar

import typer

from operations.errors import OperationError
from operations.home.settings import home_in
from schemas.errors import SchemaError
from schemas.texts import legible

F = TypeVar("F", bound=Callable[..., Any])
KNOWN: tuple[type[Exception], ...] = (OperationError, SchemaError)


def stop(message: str) -> typer.Exit:
    """Say what is wrong, without signs that steer a terminal, and end with status 1."""
    shown = "".join(sign if sign == "\n" else legible(sign) for sign in message)
    typer.echo(f"Error: {shown}", err=True)
    return typer.Exit(1)


def reports_user_errors(command: F) -> F:
    """Turn every error that a user can cause into one message, without a traceback."""

    @wraps(command)
    def run(*words: Any, **options: Any) -> Any:
        try:
            return command(*words, **options)
        except (typer.Exit, typer.Abort):
            raise
        except KNOWN as error:
            raise stop(str(error)) from None
        except OSError as error:
            raise stop(_of_the_disk(error)) from None
        except Exception as error:  # noqa: BLE001 no trace reaches a user of the command line
            raise stop(_unexpected(error)) from None

    return run  # type: ignore[return-value]


def _of_the_disk(error: OSError) -> str:
    words = f"{error.filename or ''}: {error.strerror or error}."
    if error.errno in {EROFS, EACCES, EPERM}:
        words += " Run the command where that can be written to; ctw status only reads."
    return words


def _unexpected(error: Exception) -> str:
    """Return the message of an error of ours; of any other, where its trace was kept."""
    from assets.faults import keep_trace  # noqa: PLC0415 dagster is slow to import
    from assets.refusals import is_ours  # noqa: PLC0415 likewise

    return str(error) if is_ours(error) else keep_trace(home_in(os.environ), error)
