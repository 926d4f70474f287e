"""What a table may cross: people are shown below region by one characteristic at most.

Decided from the codes that are shown and from what their lists describe, whatever the names.
"""

from __future__ import annotations

from collections.abc import Sequence

import reference
from schemas.dimension import TOTAL, Breakdown
from schemas.errors import DeclarationError
from schemas.policy import Policy

MOST_BELOW_REGION = 1
"""How many characteristics of people a table may cross below region (specification 3.5 c)."""


def check_crossing(table: str, by: Sequence[Breakdown], *, counts_people: bool) -> None:
    """Raise `DeclarationError` when a table crosses too many characteristics below region."""
    fine = [b.name for b in by if is_below_region(b)]
    personal = [b.name for b in by if is_personal(b, counts_people=counts_people)]
    if fine and len(personal) > MOST_BELOW_REGION:
        raise DeclarationError(
            f"{table} crosses {' and '.join(personal)} by {' and '.join(fine)}, which shows places "
            f"below region. There a table may have {MOST_BELOW_REGION} characteristic of people: "
            f"leave one out, or show regions.{_undescribed(by)}"
        )


def check_special(table: str, by: Sequence[Breakdown], policy: Policy) -> None:
    """Raise `DeclarationError` when people are shown by a special category that is not guarded.

    A special category tells of health, ethnic origin or offences: where a whole group shares one,
    its split must be withheld.
    """
    for breakdown in by:
        if not _coded(breakdown) or policy.guards(breakdown.name):
            continue
        if reference.about_code_list(breakdown.dimension.list_name).is_special:
            raise DeclarationError(
                f"{table} shows people by {breakdown.name}, whose code list "
                f"{breakdown.dimension.list_name} is a special category, but the policy "
                f"{policy.name} does not guard groups that share a code of it. Add "
                f"{breakdown.name} to SPECIAL in publications/policies.py.{_undescribed(by)}"
            )


def is_below_region(breakdown: Breakdown) -> bool:
    """Whether codes are shown that are places below region, or may be: see `about_code_list`."""
    if breakdown.dimension.source == "geography":
        return "delivery_area" in breakdown.shown_levels
    if not _coded(breakdown):
        return False
    codes = reference.code_list(breakdown.dimension.list_name)["code"]
    described = reference.about_code_list(breakdown.dimension.list_name).describes
    return described in ("place", "unknown") or not reference.fine_places().isdisjoint(codes)


def is_personal(breakdown: Breakdown, *, counts_people: bool) -> bool:
    """Whether a characteristic of people is shown.

    Where people are counted, every dimension other than place and time is one. Elsewhere the code
    list says what it describes.
    """
    if not _coded(breakdown):
        return False
    described = reference.about_code_list(breakdown.dimension.list_name).describes
    return described in ("person", "unknown") or (counts_people and described != "place")


def _coded(breakdown: Breakdown) -> bool:
    """Whether codes of a list are shown, and not only their total."""
    return breakdown.dimension.source == "codes" and set(breakdown.levels) != {TOTAL}


def _undescribed(by: Sequence[Breakdown]) -> str:
    """Name the code lists that nobody has described yet."""
    names = dict.fromkeys(b.dimension.list_name for b in by if _coded(b))
    unknown = [n for n in names if reference.about_code_list(n).describes == "unknown"]
    if not unknown:
        return ""
    return (
        f" reference/code_lists.csv does not describe {', '.join(unknown)}, which therefore counts "
        "as a special characteristic of people and as places below region."
    )
