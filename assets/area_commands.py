"""Commands for delivery areas: the template to fill in, the seal on a folder, and the feedback."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assets.single_steps import say
from assets.user_errors import reports_user_errors, stop
from operations.home.clock import now
from operations.home.settings import Settings
from schemas.quarter import PROGRAMME_START, Quarter
from schemas.texts import counted


@reports_user_errors
def template(
    area: Annotated[
        str, typer.Option(help="The delivery area, such as CTW-EN01; else a form for any area")
    ] = "",
    quarter: Annotated[
        str, typer.Option(help="The quarter, such as 2026-27Q2; else the last that has ended")
    ] = "",
    out: Annotated[Path, typer.Option(help="Folder to write to")] = Path("return-template"),
) -> None:
    """Write what an area needs to send a return: XLSX, ODS and CSV to fill in, and the guidance.

    The workbooks have drop-down lists and check what is typed. One of the three is enough.
    """
    from schemas.fields import codes  # noqa: PLC0415 polars is slow to import
    from schemas.returns.forms import template_files  # noqa: PLC0415 likewise

    if area and (area := area.upper()) not in codes("delivery_area"):
        raise stop(
            f"There is no delivery area with the code {area}. The codes are in "
            "reference/geography/delivery_areas.csv, such as CTW-EN01."
        )
    today = now(Settings.read_if_there()).date()
    asked = Quarter.parse(quarter) if quarter else Quarter.containing(today).previous
    if asked < PROGRAMME_START:
        raise stop(
            f"The programme starts in {PROGRAMME_START.label}, so there are no returns for "
            f"{asked.label}. Give a quarter such as {Quarter.containing(today).previous.id}."
        )
    files = {out / name: data for name, data in template_files(area or None, asked).items()}
    filled_in = [path for path, data in files.items() if path.exists() and not _is(path, data)]
    if filled_in:
        raise stop(
            f"{len(filled_in)} of the files to write are in {out.resolve()} already, with another "
            "content: somebody may have filled them in, so nothing was written. Name another "
            "folder with --out, or move these away."
        )
    for path, data in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    typer.echo(f"The template of the return for {asked.id} is in {out.resolve()}")


def _is(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data


@reports_user_errors
def seal(
    folder: Annotated[Path, typer.Argument(help="The folder with the CSV files", metavar="DIR")],
) -> None:
    """Write the manifest of a folder of CSV files: who sends them, their SHA-256, their rows.

    It takes what cover.csv and organisations.csv say. Seal again after each change to a file.
    """
    from pipelines.returns import read_pack  # noqa: PLC0415 polars is slow to import
    from pipelines.returns.errors import PackFault  # noqa: PLC0415 likewise
    from pipelines.returns.judging.seal import CannotBeSealed, in_words, sealed  # noqa: PLC0415 likewise

    if not folder.is_dir():
        raise stop(f"{folder} is no folder. Name the folder with the CSV files of the return.")
    try:
        name, manifest = sealed(read_pack(folder), now(Settings.read_if_there()))
    except PackFault as fault:
        raise stop(in_words(fault)) from None
    except CannotBeSealed as fault:
        raise stop(str(fault)) from None
    (folder / "manifest.json").write_bytes(manifest)
    typer.echo(f"{folder / 'manifest.json'} is written.")
    if folder.resolve().name != name:
        typer.echo(f"Before you send the folder, name it {name}.")


@reports_user_errors
def feedback(
    quarter: Annotated[
        str, typer.Argument(help="A public quarter, such as 2026-27Q2", metavar="QUARTER")
    ],
    area: Annotated[str, typer.Option(help="One delivery area, such as CTW-EN01; else all")] = "",
    out: Annotated[
        Path | None, typer.Option(help="Folder to write to; else landing/feedback of the home")
    ] = None,
) -> None:
    """Write what an area gets back once a quarter is public: figures, place, errors, quality level.

    One folder for each area, with a page, a CSV file and a workbook.
    """
    from operations.feedback.writing import write_all  # noqa: PLC0415 polars is slow to import

    settings, asked = Settings.read(), Quarter.parse(quarter)
    made = write_all(settings, asked, area, out)
    folder = (out or settings.feedback / asked.id).resolve()
    say(
        settings,
        f"Feedback to {counted(len(made), 'area', 'areas')} on {made[0].release} is in {folder}",
    )
