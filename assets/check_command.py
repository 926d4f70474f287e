"""Commands for areas: check a pack before it is sent, and make the file that checks it anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assets.user_errors import reports_user_errors


@reports_user_errors
def check(
    pack: Annotated[
        Path, typer.Argument(help="The pack: its folder, zip file or workbook", metavar="PACK")
    ],
    earlier: Annotated[
        list[Path] | None,
        typer.Option(help="A pack that was sent before, to compare with; once for each"),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the reports")] = Path("ctw-check"),
) -> None:
    """Check a pack as an area does before it is sent, offline, and write the report on it.

    Status 0: it would be accepted. 1: refused. 2: accepted with questions or without some rows.
    3: it could not be checked.
    """
    from operations.checking.command import main  # noqa: PLC0415 polars is slow to import

    before = [word for one in earlier or () for word in ("--earlier", str(one))]
    raise typer.Exit(main([*before, "--out", str(out), "--", str(pack)]))


@reports_user_errors
def checker(
    out: Annotated[Path, typer.Option(help="Folder to write to")] = Path(),
) -> None:
    """Make ctw-check.pyz, the one file with which an area checks its packs."""
    from operations.checking.archive import NAME, archive  # noqa: PLC0415 keeps others quick

    out.mkdir(parents=True, exist_ok=True)
    (out / NAME).write_bytes(archive())
    typer.echo(f"{(out / NAME).resolve()} is made. To run it: python {NAME} PACK")
