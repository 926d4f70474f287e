"""The command line `ctw`: a thin face over the same functions and the same Dagster jobs."""

from __future__ import annotations

import os
import shlex
import sys
from importlib import metadata
from pathlib import Path
from typing import Annotated, Literal

import typer

from assets.area_commands import feedback, seal, template
from assets.check_command import check, checker
from assets.decision_commands import QuarterText, explain, known_wrong, treat, waive
from assets.keeping import backup, purge, restore, rotate_key
from assets.score_command import AsksForARate, score
from assets.single_steps import run_step, say, today
from assets.user_errors import reports_user_errors, stop
from operations.errors import SettingsError
from operations.home.clock import stated
from operations.home.code import check_code
from operations.home.settings import Settings, code_version, home_in, port_of
from schemas.quarter import Quarter
from schemas.severity import MEANINGS
from schemas.texts import counted

FaultRate = Annotated[
    str | None,
    typer.Option(
        metavar="RATE",
        help="Share of the last quarter's areas, and of their rows, that is faulty: 0.05",
    ),
]
DifficultyRates = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME[=RATE]",
        help="What is hard and not wrong: all, or such as mover=0.02; may be repeated",
    ),
]
app = typer.Typer(
    help="Connect to Work official statistics: return packs in, a protected release out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

PACKAGE = "connect-to-work-statistics"
MOST_PEOPLE = 10_000_000


@app.callback(invoke_without_command=True)
def main(
    version: Annotated[
        bool, typer.Option("--version", help="Say which version and code this is, and end")
    ] = False,
) -> None:
    """Connect to Work official statistics: return packs in, a protected release out."""
    if version:
        typer.echo(f"ctw {metadata.version(PACKAGE)}, code {code_version()}")
        raise typer.Exit


@app.command(cls=AsksForARate)
@reports_user_errors
def simulate(
    to: Annotated[str, typer.Option(help="The last quarter, such as 2026-27Q2")],
    participants: Annotated[
        int, typer.Option(min=1, max=MOST_PEOPLE, help="People who started to date")
    ] = 60_000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed makes the same packs")] = 20260930,
    out: Annotated[Path | None, typer.Option(help="Folder to write the packs to")] = None,
    faults: FaultRate = None,
    difficulty: DifficultyRates = None,
) -> None:
    """Make synthetic return packs for every open area and every quarter up to a last one.

    With --faults the returns of the last quarter are faulty in every way that a rule finds, each
    at least once where there are rows for it, and all difficulties happen in the other areas, at
    their usual rates. --difficulty alone gives difficulties without faults. What is wrong where,
    and what happened, stands beside the folder, in a file that ends in -truth.csv, for ctw score.
    """
    from assets.score_command import planted_in_words  # noqa: PLC0415 likewise
    from assets.show import progress_bar  # noqa: PLC0415 rich is slow to import
    from pipelines.synthetic import simulate as make  # noqa: PLC0415 likewise
    from pipelines.synthetic.difficulties import read_rates  # noqa: PLC0415 likewise
    from pipelines.synthetic.faults import check_rate, truth_of  # noqa: PLC0415 likewise

    settings = Settings.read()
    folder = out or settings.incoming
    quarter, rate = Quarter.parse(to), None if faults is None else check_rate(faults)
    rates = read_rates(difficulty or ())
    if out is None and folder.is_dir() and any(folder.iterdir()):
        say(settings, f"{folder} holds packs already; nothing was made.")
        return
    with progress_bar() as report:
        make(quarter, participants, seed, folder, rate, progress=report, difficulties=rates)
    packs = sum(1 for path in folder.iterdir() if not path.name.startswith("."))
    say(
        settings, f"{counted(packs, 'synthetic return pack', 'synthetic return packs')} in {folder}"
    )
    if faults is not None or rates:
        typer.echo(planted_in_words(truth_of(folder)))


@app.command()
@reports_user_errors
def build(
    quarter: QuarterText,
    landing: Annotated[Path | None, typer.Option(help="Where the packs were dropped")] = None,
    allow_unknown_code: Annotated[
        bool,
        typer.Option(
            "--allow-unknown-code",
            help="A trial, which cannot be published",
        ),
    ] = False,
) -> None:
    """Run the quarterly build through Dagster: return packs in, a draft release out."""
    _build(quarter, landing, allow_unknown_code=allow_unknown_code)


def _build(quarter: str, landing: Path | None, *, allow_unknown_code: bool) -> None:
    from assets.faults import fault_of  # noqa: PLC0415 dagster is slow to import
    from assets.instance import run  # noqa: PLC0415 likewise
    from assets.partitions import key_of  # noqa: PLC0415 likewise
    from assets.show import progress_bar, summary  # noqa: PLC0415 likewise
    from operations.home.keys import keys_of  # noqa: PLC0415 likewise
    from operations.landing.receive import candidates, dropped_packs  # noqa: PLC0415 likewise

    settings = Settings.read()
    asked = Quarter.parse(quarter)
    key = key_of(asked, today(settings))
    folder = (landing or settings.incoming).resolve()
    _ = candidates(folder) if landing else dropped_packs(folder, settings.received)
    check_code(settings, allow_unknown=allow_unknown_code)
    keys_of(settings)
    wanted = {"folder": str(folder), "allow_unknown_code": allow_unknown_code}
    config = {"ops": {"returns__received": {"config": wanted}}}
    with progress_bar():
        result = run(settings, "quarterly_build", key, config)
    if not result.success:
        raise stop(fault_of(result))
    typer.echo(summary(settings, asked))


@app.command()
@reports_user_errors
def rehearse(
    time: Annotated[str, typer.Option("--now", help="What time it is, with offset from UTC")],
    home: Annotated[Path | None, typer.Option(help="The folder; else CTW_HOME names it")] = None,
) -> None:
    """Make a home for rehearsals, where it is the time that you say; again, to change the time."""
    from operations.home.rehearsal import rehearse as make  # noqa: PLC0415 keeps the other commands quick

    folder = home.expanduser().resolve() if home else home_in(os.environ)
    make(folder, time)
    at = shlex.quote(str(folder))
    typer.echo(f"Rehearsal: in {folder} it is {stated(time):%H:%M on %-d %B %Y} (London).")
    typer.echo(f"Use it with: export CTW_HOME={at}")


@app.command()
@reports_user_errors
def status() -> None:
    """Show every quarter that was built: returns, versions, sign-offs, publication."""
    from assets.show import statuses  # noqa: PLC0415 polars is slow to import
    from assets.stopped_builds import stopped_builds  # noqa: PLC0415 Dagster is slow to import

    settings = Settings.read()
    typer.echo(statuses(settings, stopped_builds(settings)))


@app.command()
@reports_user_errors
def verify(
    release: Annotated[Path, typer.Argument(help="A release folder", metavar="RELEASE_DIR")],
    previous: Annotated[
        list[Path] | None,
        typer.Option(help="A release before, to look at all together; once for each, newest first"),
    ] = None,
    manifest: Annotated[
        str,
        typer.Option(
            help="The manifest that was approved, by 12 characters or more of its hash: the words "
            "are then those of the version of the code that made it"
        ),
    ] = "",
) -> None:
    """Look for altered files, figures that differ and exposed facts, in a folder's files alone.

    Two groups of checks read the folder: the independent verifier, which shares no code with this
    system, and the gates that a release passes before it goes out.
    """
    from assets.verifying import check_release  # noqa: PLC0415 polars is slow to import

    check_release(release, tuple(previous or ()), manifest)


@app.command()
@reports_user_errors
def records(
    restore: Annotated[
        bool, typer.Option(help="Put lost or changed lines back from their copies")
    ] = False,
) -> None:
    """Show every record: sign-offs, publications, treatments, corrections and explanations."""
    from assets.show_records import recorded  # noqa: PLC0415 polars is slow to import
    from operations.releases.register_repair import restore as put_back  # noqa: PLC0415 keeps others quick

    settings = Settings.read()
    if restore:
        number = put_back(settings)
        say(settings, f"The register holds {counted(number, 'line', 'lines')}, as its copies do.")
    say(settings, recorded(settings))


@app.command("adopt-records")
@reports_user_errors
def adopt_records(
    name: Annotated[str, typer.Option(help="Who answers for these records")],
) -> None:
    """Take over sign-offs and publications that were recorded before there was a register."""
    from operations.releases.adopt import adopt  # noqa: PLC0415 polars is slow to import

    settings = Settings.read()
    number = adopt(settings, name)
    versions = counted(number, "version", "versions")
    say(settings, f"The records of {versions} are in the register now.")


@app.command("sign-off")
@reports_user_errors
def sign_off(
    quarter: QuarterText,
    manifest: Annotated[
        str, typer.Option(help="The manifest that was read: 12 characters or more of its hash")
    ],
    name: Annotated[str, typer.Option(help="Who approves")],
    role: Annotated[str, typer.Option(help="In which role")],
    note: Annotated[str, typer.Option(help="What was checked")] = "",
    reason: Annotated[str, typer.Option(help="Of a correction: why, in words for the public")] = "",
) -> None:
    """Approve the newest version of a quarter's release, by the manifest that was read."""
    from assets.show import signers  # noqa: PLC0415 polars is slow to import
    from operations.releases.release_store import latest  # noqa: PLC0415 likewise

    config = {"manifest": manifest, "name": name, "role": role, "note": note, "reason": reason}
    run_step("sign_off_release", quarter, {"publications__sign_off": {"config": config}})
    settings, asked = Settings.read(), Quarter.parse(quarter)
    who = signers(settings, asked, latest(settings, asked))
    say(settings, f"Signed off by {who}. Next: ctw publish {asked.id}")


@app.command()
@reports_user_errors
def correct(  # noqa: PLR0913 - what the record of a correction says
    quarter: QuarterText,
    reason: Annotated[str, typer.Option(help="Why it is corrected, in words for the public")],
    severity: Annotated[str, typer.Option(help=MEANINGS)],
    name: Annotated[str, typer.Option(help="Who asks for the correction")],
    role: Annotated[str, typer.Option(help="In which role")],
    landing: Annotated[Path | None, typer.Option(help="Where the packs were dropped")] = None,
) -> None:
    """Correct a public release: record why and who asked, then build the next version and notice.

    Nothing is published: the version needs its own sign-off, and the old one stays on the site.
    """
    from assets.corrected import corrected  # noqa: PLC0415 polars is slow to import

    folder = str(landing.resolve()) if landing else ""
    given = {"reason": reason, "severity": severity, "name": name, "role": role, "landing": folder}
    check_code(Settings.read())  # before anything is on record
    run_step("correct_release", quarter, {"publications__correction": {"config": given}})
    _build(quarter, landing, allow_unknown_code=False)
    settings = Settings.read()
    say(settings, corrected(settings, Quarter.parse(quarter)))


@app.command()
@reports_user_errors
def publish(
    quarter: QuarterText,
    version: Annotated[
        int, typer.Option(min=0, help="A signed version, when a newer one is not signed off")
    ] = 0,
    manifest: Annotated[
        str, typer.Option(help="The same by its manifest: 12 characters or more of its hash")
    ] = "",
) -> None:
    """Publish a signed-off release at or after 09:30 London time on its release date."""
    from assets.show import made_public, public_versions  # noqa: PLC0415 polars is slow to import

    asked = Quarter.parse(quarter)
    before = public_versions(Settings.read(), asked)
    config = {"version": version, "manifest": manifest}
    run_step("publish_release", quarter, {"publications__site": {"config": config}})
    settings = Settings.read()
    say(settings, made_public(settings, asked, before))


@app.command()
@reports_user_errors
def ui(
    port: Annotated[
        int | None, typer.Option(help="Port on loopback; else CTW_UI_PORT names it, or 3000")
    ] = None,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Launches nothing, runs no sensor")
    ] = False,
    audience: Annotated[
        Literal["viewers", "team"] | None,
        typer.Option(help="Of --read-only: viewers see no draft and no Dagster, the team sees all"),
    ] = None,
) -> None:
    """Open Dagster's web UI and the desk on loopback, with schedules and sensors."""
    from assets.ui import serve  # noqa: PLC0415 dagster is slow to import

    if audience and not read_only:
        raise SettingsError(
            f"--audience {audience} is for a server that only shows. Add --read-only, or leave "
            "--audience out: without --read-only the team sees and launches all."
        )
    settings = Settings.read()
    shown_to = (audience or "viewers") if read_only else "team"

    def announce(dagster: str, desk: str) -> None:
        say(settings, f"Desk     {desk}")
        if shown_to == "team":
            both = f"{dagster}  (for you alone; Ctrl-C ends both)"
            say(settings, f"Dagster  {both}")
        sys.stdout.flush()

    chosen = settings.ui_port if port is None else port
    if port:  # for 0 the machine chooses a free one
        chosen = port_of(str(port), "--port")
    typer.echo("Starting the UI", err=True)
    serve(settings, chosen, announce, read_only=read_only, audience=shown_to)


for one in (
    template,
    seal,
    backup,
    restore,
    purge,
    check,
    checker,
    score,
    explain,
    treat,
    waive,
    feedback,
):
    app.command()(one)
app.command("known-wrong")(known_wrong)
app.command("rotate-key")(rotate_key)

if __name__ == "__main__":
    app()
