"""What the command line shows of questions to areas: which are open, which were accepted."""

from __future__ import annotations

from operator import itemgetter

import reference
from operations.home.settings import Settings
from operations.releases.waivers import Waiver, holding
from operations.stores.returns import packs_by_status, questions_by_rule, questions_in_words
from pipelines.returns import TimesFound
from schemas.quarter import Quarter


def questioned(settings: Settings, quarter: Quarter) -> str:
    """List the questions to areas by area and rule, and which of them are accepted until when."""
    found = questions_by_rule(settings, quarter)
    if not found and not packs_by_status(settings, quarter):
        return (
            f"No return of {quarter.label} was judged yet, so nobody knows what is asked: "
            f"ctw build {quarter.id}"
        )
    held = {(one.area, one.rule): one for one in holding(settings, quarter)}
    areas = reference.delivery_areas(quarter.end)
    names = dict(areas.select("delivery_area_code", "delivery_area_name").rows())
    lines = [
        f"  {area} {names.get(area, '')}: {rule}, {of_rule.number:,}, "
        f"{_state(held.get((area, rule)), of_rule)}"
        for (area, rule), of_rule in sorted(found.items(), key=itemgetter(0))
    ]
    if not lines:
        return (
            f"No question about {quarter.label} can be accepted. Questions to areas: "
            f"{questions_in_words(settings, quarter)}."
        )
    return "\n".join(
        [
            f"Questions about {quarter.label} that can be accepted, by rule, on how many rows:",
            *lines,
            f"To accept one for a time: ctw waive {quarter.id} --area AREA --rule RULE --until "
            f"{quarter.id} --reason TEXT --name NAME --role ROLE",
        ]
    )


def _state(one: Waiver | None, found: TimesFound) -> str:
    if one is None:
        return "open"
    until = one.accepted.until.label
    if not one.accepted.covers(found):
        return f"open again: {one.found:,} were accepted until {until}, as they were then"
    return f"accepted until {until} by {one.name}, {one.role}: {one.reason}"
