"""The command that scores the judgement of synthetic packs, and the words about what is planted."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from assets.user_errors import reports_user_errors
from operations.home.presence import check_present
from operations.home.settings import Settings
from schemas.texts import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from pipelines.synthetic.outcomes import Outcomes
    from pipelines.synthetic.scoring import Score

MOST_SHOWN = 20


class AsksForARate(TyperCommand):
    """A command with --faults RATE, which says what to write when the rate is left out."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words of the command line."""
        try:
            return super().parse_args(ctx, args)
        except Exception as error:
            from pipelines.synthetic.faults import HOW  # noqa: PLC0415 polars is slow to import

            if getattr(error, "option_name", "") != "--faults":
                raise
            raise typer.BadParameter(f"--faults needs a number. {HOW}", ctx) from None


@reports_user_errors
def score(
    truth: Annotated[
        Path,
        typer.Argument(
            help="What ctw simulate planted and let happen: the file that ends in -truth.csv",
            metavar="TRUTH",
        ),
    ],
    packs: Annotated[
        Path | None,
        typer.Option(help="Folder of the packs, to judge now; else what the home's builds found"),
    ] = None,
    out: Annotated[Path, typer.Option(help="File to write to")] = Path("score.csv"),
) -> None:
    """Compare what was found in synthetic packs with what was planted, by rule.

    Also say of each difficulty whether the cases came out as the rules promise. Status 0:
    everything planted was found, nothing in packs without a fault, and each case is right. 1: not
    so.
    """
    from operations.scoring.judged import found_at_home, found_in  # noqa: PLC0415 polars is slow to import
    from pipelines.synthetic.faults import read_truth  # noqa: PLC0415 likewise
    from pipelines.synthetic.outcomes import outcomes  # noqa: PLC0415 likewise
    from pipelines.synthetic.scoring import score as compare  # noqa: PLC0415 likewise
    from schemas.quarter import Quarter  # noqa: PLC0415 likewise

    if not packs:
        check_present(os.environ, may_be_empty=True)
    listed = read_truth(truth)
    quarter = Quarter.parse(max(listed["quarter"]))
    found = found_in(packs, quarter) if packs else found_at_home(Settings.read())
    made = compare(found.submissions, found.findings, listed)
    out.write_text(made.by_rule.write_csv(), encoding="utf-8")
    typer.echo(in_words(made))
    typer.echo(f"By rule: {out.resolve()}")
    cases = outcomes(found.submissions, found.participants, listed)
    if cases.by_difficulty.height:
        typer.echo(cases_in_words(cases))
    if not (made.is_perfect and cases.is_perfect):
        raise typer.Exit(1)


def in_words(made: Score) -> str:
    """Say precision and recall by rule as a table, then what was missed and what nobody planted."""
    rules = made.by_rule
    width = max(map(len, rules["rule_id"]), default=4)
    lines = [f"{'rule':<{width}}  planted  found  unexpected  recall  precision"]
    lines += [
        f"{r['rule_id']:<{width}}  {r['planted']:>7}  {r['found']:>5}  {r['unexpected']:>10}  "
        f"{_percent(r['recall_percent']):>6}  {_percent(r['precision_percent']):>9}"
        for r in rules.iter_rows(named=True)
    ]
    return "\n".join([*lines, "", *_summary(made)])


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}%"


def _summary(made: Score) -> list[str]:
    planted, found = int(made.by_rule["planted"].sum()), made.by_rule["found"].sum()
    on_clean = made.unexpected.filter("is_clean").height
    elsewhere = made.unexpected.height - on_clean
    lines = [
        f"Found: {found:,} of {counted(planted, 'planted fault', 'planted faults')}, of "
        f"{counted(made.by_rule.height, 'rule', 'rules')}.",
        f"{counted(made.clean_packs, 'pack', 'packs')} without a fault, with "
        f"{counted(on_clean, 'finding', 'findings')} on them; "
        f"{counted(elsewhere, 'unexpected finding', 'unexpected findings')} on the others.",
    ]
    lines += _listed("Never judged", made.not_received)
    lines += _listed("Missed", _places(made.missed.select("pack", "rule_id", "line").rows()))
    rows = made.unexpected.select("pack", "rule_id", "row_number").rows()
    return lines + _listed("Unexpected", _places(rows))


def cases_in_words(cases: Outcomes) -> str:
    """Say of how many cases of each difficulty the product made what it must, and of which not."""
    from pipelines.synthetic.difficulties import DIFFICULTIES  # noqa: PLC0415 polars is slow to import

    lines = ["", "Difficulties, and of how many cases the product made what its rules promise:"]
    for name, asked, happened, right in cases.by_difficulty.rows():
        left = f" ({asked} were asked for)" if asked > happened else ""
        lines.append(f"- {name}, {DIFFICULTIES[name].title}: {right} of {happened}{left}")
    wrong = [_wrong(case) for case in cases.wrong.iter_rows(named=True)]
    return "\n".join([*lines, *_listed("Not as promised", wrong)])


def _wrong(case: dict[str, Any]) -> str:
    line = "" if case["line"] is None else f", line {case['line']}"
    found = "it was not accepted" if case["found"] is None else f"{case['found']} was found"
    return (
        f"{case['difficulty']}, case {case['case_no']}: {case['pack']}{line}: "
        f"{case['measure']} must be {case['expected']}, and {found}"
    )


def _places(rows: list[tuple[str, str, int | None]]) -> list[str]:
    return [f"{pack}, {rule}" + (f", line {line}" if line else "") for pack, rule, line in rows]


def _listed(heading: str, items: list[str] | tuple[str, ...]) -> list[str]:
    shown = [f"- {item}" for item in items[:MOST_SHOWN]]
    more = len(items) - len(shown)
    return [f"{heading}:", *shown, *([f"- and {more} more"] if more > 0 else [])] if items else []


def planted_in_words(path: Path) -> str:
    """Say how many faults of how many rules were planted, what happened, and where it stands."""
    from pipelines.synthetic.difficulties import DIFFICULTIES  # noqa: PLC0415 polars is slow to import
    from pipelines.synthetic.faults import TruthKind, read_truth  # noqa: PLC0415 likewise

    truth = read_truth(path)
    faults = truth.filter((truth["kind"] == TruthKind.PLANTED.value) & truth["case_no"].is_null())
    lines = [*_faults_in_words(faults)] if faults.height else []
    for name, number in truth.filter(kind=TruthKind.ASKED.value).select("fault", "expected").rows():
        happened = truth.filter(kind=TruthKind.HAPPENED.value, fault=name)["case_no"].n_unique()
        asked = "" if happened >= number else f"; {number} were asked for: make more participants"
        lines.append(f"{name}, {DIFFICULTIES[name].title}: {happened}{asked}")
    return "\n".join([*lines, f"The truth is in {path}"])


def _faults_in_words(planted: pl.DataFrame) -> Iterator[str]:
    from pipelines.synthetic.faults import NEVER  # noqa: PLC0415 polars is slow to import
    from schemas.returns import catalogue  # noqa: PLC0415 likewise

    rules = set(planted["rule_id"])
    listed = set(catalogue()["rule_id"])
    left = sorted(listed - rules - set(NEVER))
    yield (
        f"Planted: {counted(planted.height, 'fault', 'faults')}, of {len(rules)} of the "
        f"{len(listed)} rules; "
        f"{len(NEVER)} rules can be broken by no pack."
    )
    if left:
        few = ", ".join(left[:MOST_SHOWN]) + (" and others" if len(left) > MOST_SHOWN else "")
        rows = f"No row was left for {counted(len(left), 'rule', 'rules')}"
        yield f"{rows}: {few}. Make more participants."
