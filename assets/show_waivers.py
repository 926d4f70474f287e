"""What the command line shows of questions to areas: which are open, which were accepted."""

from __future__ import annotations

import reference
from operations.home.settings import Settings
from operations.releases.waivers import Waiver, holding
from operations.stores.returns import questions_by_rule
from schemas.quarter import Quarter


def questioned(settings: Settings, quarter: Quarter) -> str:
    """List the questions to areas by area and rule, and which of them are accepted until when."""
    found = questions_by_rule(settings, quarter)
    held = {(one.area, one.rule): one for one in holding(settings, quarter)}
    areas = reference.delivery_areas(quarter.end)
    names = dict(areas.select("delivery_area_code", "delivery_area_name").rows())
    lines = [
        f"  {area} {names.get(area, '')}: {rule}, {number:,}, "
        f"{_state(held.get((area, rule)), number)}"
        for (area, rule), number in sorted(found.items())
    ]
    if not lines:
        return f"No return of {quarter.label} has a question that an area has to answer."
    return "\n".join(
        [
            f"Questions to areas about {quarter.label}, by rule, and how many:",
            *lines,
            f"To accept one for a time: ctw waive {quarter.id} --area AREA --rule RULE --until "
            f"{quarter.id} --reason TEXT --name NAME --role ROLE",
        ]
    )


def _state(one: Waiver | None, number: int) -> str:
    if one is None:
        return "open"
    until = Quarter.parse(one.until).label
    if number > one.found:
        return f"open again: {one.found:,} were accepted until {until}"
    return f"accepted until {until} by {one.name}, {one.role}: {one.reason}"
