"""Commands that keep a home: backups of its data and of its keys, and their way back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assets.user_errors import reports_user_errors, stop
from operations.home.settings import Settings

Folder = Annotated[Path, typer.Argument(help="A folder that is not there yet", metavar="DIR")]


@reports_user_errors
def backup(
    place: Folder,
    keys: Annotated[
        bool, typer.Option("--keys", help="The keys alone, for another place than the data")
    ] = False,
) -> None:
    """Copy the data of the home as of one moment, without its keys; or the keys alone."""
    from operations.backup import back_up, back_up_keys  # noqa: PLC0415 slow to import

    settings = Settings.read()
    if keys:
        typer.echo(f"The keys {', '.join(back_up_keys(settings, place))} are in {place.resolve()}")
        return
    files = back_up(settings, place)
    typer.echo(
        f"{files:,} files are in {place.resolve()}, without the keys: ctw backup --keys DIR saves "
        "those, to another place."
    )


@reports_user_errors
def restore(
    place: Annotated[Path, typer.Argument(help="What ctw backup made", metavar="DIR")],
    keys: Annotated[Path, typer.Option("--keys", help="What ctw backup --keys made")],
) -> None:
    """Put a backup into an empty home, when it is whole and the keys are those of its data."""
    from operations.backup import restore as put_back  # noqa: PLC0415 slow to import

    if not keys.is_dir():
        raise stop(f"{keys} is no folder. Name the one that ctw backup --keys made.")
    settings = Settings.read()
    made_at = put_back(settings, place.resolve(), keys.resolve())
    typer.echo(
        f"{settings.home} is as it was at {made_at}. What was received, signed off or published "
        "later is not in it: compare ctw records with what readers have before you go on."
    )
