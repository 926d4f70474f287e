"""Commands with which people decide about a quarter: each runs the job that the UI has for it."""

from __future__ import annotations

from typing import Annotated

import typer

from assets.single_steps import run_step, say
from assets.user_errors import reports_user_errors, stop
from operations.home.settings import Settings
from schemas.quarter import Quarter

QuarterText = Annotated[
    str, typer.Argument(help="The quarter, such as 2026-27Q2", metavar="QUARTER")
]


@reports_user_errors
def known_wrong(
    quarter: QuarterText,
    reason: Annotated[str, typer.Option(help="What is wrong and why, for the record")],
    name: Annotated[str, typer.Option(help="Who answers for the notice")],
    role: Annotated[str, typer.Option(help="In which role")],
) -> None:
    """Tell readers that figures are wrong which a held-back correction cannot change yet.

    The notice names tables only: which figures are wrong could reveal whose data changed.
    """
    from assets.known_wrong import describe_wrong_tables  # noqa: PLC0415 polars is slow to import

    given = {"config": {"reason": reason, "name": name, "role": role}}
    run_step("name_wrong_tables", quarter, {"publications__known_errors": given})
    settings = Settings.read()
    said = describe_wrong_tables(settings, Quarter.parse(quarter))
    say(settings, said)


@reports_user_errors
def explain(
    quarter: QuarterText,
    because: Annotated[
        list[str] | None,
        typer.Option(help="CODE=TEXT: what is explained, and why, for the public; once for each"),
    ] = None,
    name: Annotated[str, typer.Option(help="Who explains")] = "",
    role: Annotated[str, typer.Option(help="In which role")] = "",
) -> None:
    """Say why areas are missing and checks did not pass; without --because, list what is wanted.

    The next build shows the explanations on the quality page of the release.
    """
    from assets.show_explanations import explained  # noqa: PLC0415 polars is slow to import

    settings, asked = Settings.read(), Quarter.parse(quarter)
    if because:
        given = dict(_pair(words) for words in because)
        config = {"name": name, "role": role, "because": given}
        run_step("explain_quality", quarter, {"publications__explanations": {"config": config}})
    say(settings, explained(settings, asked))


@reports_user_errors
def treat(
    quarter: QuarterText,
    method: Annotated[str, typer.Option(help="leave_out, carry_forward or estimate")],
    reason: Annotated[str, typer.Option(help="Why, in words for the public")],
    name: Annotated[str, typer.Option(help="Who chooses")],
    role: Annotated[str, typer.Option(help="In which role: the Head of Profession's choice")],
) -> None:
    """Choose how missing returns are treated; the next build does it and shows the choice."""
    config = {"method": method, "reason": reason, "name": name, "role": role}
    run_step("treat_missing", quarter, {"publications__treatment": {"config": config}})
    settings, asked = Settings.read(), Quarter.parse(quarter)
    say(settings, f"The choice is recorded. Next: ctw build {asked.id}")


@reports_user_errors
def waive(
    quarter: QuarterText,
    rule: Annotated[str, typer.Option(help="The rule that asks, as the list names it")] = "",
    area: Annotated[str, typer.Option(help="The code of the delivery area")] = "",
    until: Annotated[str, typer.Option(help="The last quarter for which it is accepted")] = "",
    reason: Annotated[str, typer.Option(help="Why no answer is needed")] = "",
    name: Annotated[str, typer.Option(help="Who accepts it")] = "",
    role: Annotated[str, typer.Option(help="In which role")] = "",
) -> None:
    """Accept questions to an area for a time; without --rule, list what is asked of whom.

    The next build keeps them as notes, and the report to the area says that no answer is needed.
    """
    from assets.show_waivers import questioned  # noqa: PLC0415 polars is slow to import

    settings, asked = Settings.read(), Quarter.parse(quarter)
    if not rule and any((area, until, reason, name, role)):
        raise stop("Nothing is accepted without --rule. Name one that ctw waive QUARTER lists.")
    if rule:
        config = {"rule": rule, "area": area, "until": until, "reason": reason}
        config |= {"name": name, "role": role}
        run_step("accept_questions", quarter, {"returns__waiver": {"config": config}})
    say(settings, questioned(settings, asked))


def _pair(words: str) -> tuple[str, str]:
    about, sign, text = words.partition("=")
    if not sign:
        raise stop("What --because holds is no explanation. Write CODE=TEXT: 'CTW-EN01=TEXT'.")
    return about.strip(), text
