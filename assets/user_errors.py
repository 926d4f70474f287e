"""What the command line says of errors: one message each, without a traceback."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from errno import EACCES, EDQUOT, EFBIG, ENOSPC, EPERM, EROFS
from functools import wraps
from typing import Any, TypeVar

import typer

from assets.interrupted import INTERRUPTED, STATUS
from assets.wrong_declarations import fault_of_declaration
from operations.errors import OperationError
from operations.home.locks import named
from operations.home.presence import check_present
from operations.home.settings import home_in
from schemas.errors import SchemaError
from schemas.texts import legible

F = TypeVar("F", bound=Callable[..., Any])
READING = frozenset({"records", "status"})
"""The commands, by function, that show a home and change nothing in it."""
DECIDING = frozenset(
    {
        *("adopt_records", "backup", "correct", "explain", "feedback", "known_wrong", "publish"),
        *("purge", "rotate_key", "sign_off", "treat", "waive"),
    }
)
"""Those that need a home that is there, and say themselves what has to be done in it before."""
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
            _check_home(command.__name__, **options)
            with named(f"ctw {command.__name__.replace('_', '-')}"):
                return command(*words, **options)
        except (typer.Exit, typer.Abort):
            raise
        except KeyboardInterrupt:
            typer.echo(INTERRUPTED, err=True)
            raise typer.Exit(STATUS) from None
        except KNOWN as error:
            raise stop(str(error)) from None
        except OSError as error:
            raise stop(_of_the_disk(error)) from None
        except Exception as error:  # noqa: BLE001 no trace reaches a user of the command line
            raise stop(_unexpected(error)) from None

    return run  # type: ignore[return-value]


def _check_home(command: str, *, read_only: bool = False, **_: Any) -> None:
    """Raise `SettingsError` when a command that makes no home finds none; a new one is not made."""
    if command in READING | DECIDING or read_only:
        check_present(os.environ, may_be_empty=command not in READING)


def _of_the_disk(error: OSError) -> str:
    words = ": ".join(str(word) for word in (error.filename, error.strerror or error) if word) + "."
    if error.errno in {EROFS, EACCES, EPERM}:
        words += " Run the command where that can be written to; ctw status only reads."
    if error.errno in {ENOSPC, EDQUOT, EFBIG}:
        words += " Make room, or raise the limit of this account, and run the same again."
    return words


def _unexpected(error: Exception) -> str:
    """Return the message of an error of ours; of any other, where its trace was kept.

    A file of declarations that cannot be read comes first: what follows imports it again.
    """
    wrong = fault_of_declaration(error)
    if wrong:
        return wrong
    from assets.faults import keep_trace  # noqa: PLC0415 dagster is slow to import
    from assets.refusals import is_ours  # noqa: PLC0415 likewise

    if is_ours(error):
        return str(error)
    return _of_the_store(error) or keep_trace(home_in(os.environ), error)


def _of_the_store(error: BaseException | None) -> str:
    """Return what to do when SQLite cannot use Dagster's store of runs; "" for another error."""
    while error is not None:
        reason = getattr(error, "orig", None)
        if isinstance(reason, sqlite3.Error):
            return (
                f"Dagster's store of runs, {home_in(os.environ) / 'dagster'}, cannot be used: "
                f"{reason}. If the disk is full, make room; if the store is damaged, put it back "
                "from a backup. Then run the same again."
            )
        error = error.__cause__ or error.__context__
    return ""
