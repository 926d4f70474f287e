"""Commands that keep a home: backups of data and keys, their way back, the purge, a new key."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assets.single_steps import say
from assets.user_errors import reports_user_errors, stop
from operations.home.settings import Settings
from schemas.texts import counted

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
        say(
            settings,
            f"The keys {', '.join(back_up_keys(settings, place))} are in {place.resolve()}",
        )
        return
    saved = back_up(settings, place)
    if saved.missed:
        say(
            settings,
            "Of these something could not be saved, as it is a pipe or a device or may not be "
            f"read: {', '.join(saved.missed)}",
        )
    say(
        settings,
        f"{counted(saved.files, 'file is', 'files are')} in {place.resolve()}, without the keys: "
        "ctw backup --keys DIR saves those, to another place.",
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
    say(
        Settings.read(),
        f"{settings.home} is as it was at {made_at}. What was received, signed off or published "
        "later is not in it: compare ctw records with what readers have before you go on.",
    )


@reports_user_errors
def purge(
    older_than: Annotated[
        int, typer.Option(help="Days since the last return of a quarter came, such as 730")
    ],
    name: Annotated[str, typer.Option(help="Who removes them; without it, nothing goes")] = "",
    role: Annotated[str, typer.Option(help="In which role")] = "",
) -> None:
    """Remove raw returns of quarters that are long public; without --name, list what would go.

    Receipts, hashes, what was judged and the pseudonymised records stay.
    """
    from assets.show_purge import gone, listed  # noqa: PLC0415 polars is slow to import
    from operations.releases.purging import purge_returns, purgeable  # noqa: PLC0415 likewise
    from operations.releases.typed_words import checked_person  # noqa: PLC0415 likewise

    settings = Settings.read()
    if not name:
        say(settings, listed(purgeable(settings, older_than), older_than))
        return
    say(settings, gone(purge_returns(settings, older_than, checked_person(name, role))))


@reports_user_errors
def rotate_key(
    name: Annotated[str, typer.Option(help="Who replaces it; without it, nothing changes")] = "",
    role: Annotated[str, typer.Option(help="In which role")] = "",
) -> None:
    """Replace the key that pseudonyms are made with; figures stay, with one exception.

    Every pseudonym is hashed again with a new key, so that whoever knows the former key learns
    nothing from them. The exception: where two records of one person have the same area, date and
    number, pseudonyms decide which comes first. Without --name, say what would be done.
    """
    from operations.releases import rotating  # noqa: PLC0415 slow to import
    from operations.releases.typed_words import checked_person  # noqa: PLC0415 likewise

    settings = Settings.read()
    if not name:
        rotating.check(settings)
        say(
            settings,
            f"The pseudonyms in {settings.home} would be made anew. First save the data and the "
            "keys (ctw backup DIR, ctw backup --keys DIR); then: ctw rotate-key --name NAME "
            "--role ROLE",
        )
        return
    number = rotating.rotate_key(settings, checked_person(name, role))
    say(
        settings,
        f"{counted(number, 'pseudonym was', 'pseudonyms were')} made anew, and the key of "
        f"{settings.home} is another. Save it now: ctw backup --keys DIR, to a folder that is not "
        "there yet. Backups of data made before need the keys of then. What analysts have copied, "
        "and the file of each quarter in analysts/ until it is built again, holds the former "
        "pseudonyms.",
    )
