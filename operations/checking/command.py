"""The command of the area: check a pack, write the reports, say in one paragraph what is so."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from operations.checking.packs import CheckedPack, check_pack
from operations.errors import CheckingError, OperationError
from pipelines.returns import Report, as_csv, as_html, as_xlsx
from schemas.returns import CATALOGUE_VERSION, PACK

OUT = Path("ctw-check")
NOT_CHECKED = 3
# How many rules are listed on the screen; the reports have them all.
MOST_RULES = 10
ABOUT = (
    "Check a return pack before it is sent, by the rules of the statisticians, and write the "
    "report that would come back. Nothing is sent, and no row is kept. It ends with status 0 when "
    "the pack would be accepted, 1 when it would be refused, 2 when it would be accepted with "
    "questions or without some rows, and 3 when it could not be checked."
)


def main(words: Sequence[str]) -> int:
    """Run the command and return its status; a message goes to standard error."""
    try:
        asked = _parser().parse_args(words)
        status, text = check(asked.pack, asked.earlier, asked.out)
    except SystemExit as end:
        return NOT_CHECKED if end.code else 0
    except OperationError as error:
        return _could_not(str(error))
    except OSError as error:
        return _could_not(f"The reports could not be written: {error.strerror or 'disk error'}.")
    except Exception as fault:  # noqa: BLE001 status 1 would say that the pack is refused
        return _could_not(
            f"The pack could not be checked because of a fault in the checker "
            f"({type(fault).__name__}). Tell those who gave you the checker, with its version: "
            f"catalogue {CATALOGUE_VERSION}. Nothing was sent."
        )
    print(text)  # noqa: T201 - what the command says
    return status


def check(pack: Path, earlier: Sequence[Path], out: Path) -> tuple[int, str]:
    """Check a pack and write its reports to `out`; return the status and what to say.

    Raises as `check_pack`, and for reports that would lie in the pack, as part of it.
    """
    pack = pack.absolute()  # a folder that is called "." has a name all the same
    if out.resolve().is_relative_to(pack.resolve()):
        raise CheckingError(
            "The reports would lie in the pack itself. Name another folder for them: "
            "--out ../ctw-check"
        )
    checked = check_pack(pack, earlier)
    made = checked.report
    out.mkdir(parents=True, exist_ok=True)
    write_reports(made, out)
    return checked.status, outcome_in_words(checked, made, out)


def write_reports(made: Report, folder: Path) -> None:
    """Write a report in its three formats; the page, which says that all is there, comes last."""
    (folder / "report.csv").write_text(as_csv(made), encoding="utf-8")
    (folder / "report.xlsx").write_bytes(as_xlsx(made))
    (folder / "report.html").write_text(as_html(made), encoding="utf-8")


def outcome_in_words(checked: CheckedPack, made: Report, out: Path) -> str:
    """Say what would become of the pack, what was not checked, and where the reports are."""
    return "\n".join(
        [
            f"{made.submission['pack_name']}: {made.outcome} {made.deadline}",
            "",
            *_causes_in_words(made),
            "Not checked here:",
            *(f"- {words}" for words in made.not_run),
            "",
            f"Rules: {PACK.template_id} {PACK.template_version}, catalogue {CATALOGUE_VERSION}. "
            f"Reports: report.html, report.xlsx and report.csv in {out.resolve()}",
        ]
    )


def _causes_in_words(made: Report) -> list[str]:
    """List what was found by rule, causes first and what costs most; no line for nothing."""
    listed = [
        f"- {row['severity']}: {row['file']}{_where(row)}. {row['message']} {row['fix']}"
        for row in made.rules.head(MOST_RULES).iter_rows(named=True)
    ]
    more = made.rules.height - len(listed)
    rest = [f"- and {more} more; the reports say which."] if more > 0 else []
    return ["What was found:", *listed, *rest, ""] if listed else []


def _where(row: Mapping[str, Any]) -> str:
    """Say on how many rows a rule is broken, and on which first; blank for a file as a whole."""
    if not row["first_rows"]:
        return ""
    if row["count"] == 1:
        return f", row {row['first_rows']}"
    listed = row["first_rows"].count(",") + 1
    more = f" and more, {row['count']:,} in all" if row["count"] > listed else ""
    return f", rows {row['first_rows']}{more}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ctw-check", description=ABOUT)
    parser.add_argument("pack", type=Path, help="the pack: its folder, zip file or workbook")
    parser.add_argument(
        "--earlier",
        type=Path,
        action="append",
        default=[],
        metavar="PACK",
        help="a pack that you sent before, to compare with; once for each",
    )
    parser.add_argument("--out", type=Path, default=OUT, help="folder for the reports")
    return parser


def _could_not(message: str) -> int:
    sys.stderr.write(f"Error: {message}\n")
    return NOT_CHECKED
