"""What the command line shows of explanations: what is wanted of a quarter, and what was given."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from operations.desk.addresses import Page, address_of
from operations.desk.data_docs import gather_expectations
from operations.errors import StoreError
from operations.home.settings import Settings
from operations.releases.explanations import Explanation, explanations, lacking
from operations.releases.release_store import newest_version, versions
from operations.releases.traces import recorded_versions
from schemas.quarter import Quarter
from schemas.texts import counted

PAGE: Page = "docs/"


def explained(settings: Settings, quarter: Quarter) -> str:
    """List what the newest version lacks, each with its explanation or that there is none.

    Explanations of what it does not lack are listed apart. Raises `StoreError` while there is
    neither a version nor an explanation.
    """
    held = explanations(settings, quarter)
    if not (versions(settings, quarter) or recorded_versions(settings, quarter)):
        return _before_the_first(quarter, held)
    version = newest_version(settings, quarter)[0]
    found = lacking(settings, quarter, version)
    lines = [f"{quarter.label} v{version} lacks nothing that has to be explained."]
    if found:
        lines = [f"{quarter.label} v{version} has to explain:"]
    for one in found:
        given = held[one.about].text if one.about in held else "no explanation yet"
        new = one.about in held and held[one.about].text != one.explanation
        later = f" (the draft shows it after ctw build {quarter.id})" if new else ""
        lines.append(f"  {one.about}: {one.words}: {given}{later}")
    if any(one.is_check for one in found):
        docs = settings.data_docs / quarter.id / "index.html"
        lines.append(f"What the checks observed is confidential, and in {docs}")
    open_ones = [one.about for one in found if one.about not in held]
    if open_ones:
        lines.append(
            f"To give one, in words for the public: ctw explain {quarter.id} --name NAME --role "
            f"ROLE --because '{open_ones[0]}=TEXT'. Then build again, and sign off what you read "
            f"then: ctw build {quarter.id}"
        )
    return "\n".join([*lines, *_not_wanted(version, held, {one.about for one in found})])


def checks_in_words(settings: Settings, quarter: Quarter) -> str:
    """Say how many plausibility checks the last build found unmet, public and confidential ones.

    Only those that are public stand on the quality page, where each unmet one is explained.
    """
    checks = gather_expectations(settings, quarter).checks
    unmet = [check for check in checks if not check.is_met]
    verb = "is" if len(unmet) == 1 else "are"
    said = f"{len(unmet)} of {len(checks)} plausibility checks {verb} not met"
    if not unmet:
        return said
    public = sum(check.is_public for check in unmet)
    return (
        f"{said}: {public} public, to be explained on the quality page, and {len(unmet) - public} "
        "confidential, for statisticians alone. What was observed: "
        f"{settings.data_docs / quarter.id / 'index.html'} or {address_of(settings, quarter, PAGE)}"
    )


def _before_the_first(quarter: Quarter, held: Mapping[str, Explanation]) -> str:
    if not held:
        raise StoreError(
            f"No version of {quarter.label} was written yet, so nobody knows what it has to "
            f"explain. Build it first: ctw build {quarter.id}"
        )
    lines = [f"No version of {quarter.label} was written yet. Explained for its first build:"]
    return "\n".join([*lines, *(f"  {one.about}: {one.text}" for one in held.values())])


def _not_wanted(
    version: int, held: Mapping[str, Explanation], wanted: Collection[str]
) -> list[str]:
    """List the explanations of what a version does not lack; no line for none."""
    rest = [one for about, one in sorted(held.items()) if about not in wanted]
    if not rest:
        return []
    first = f"v{version} does not lack what these explain, so it does not show them:"
    return [first, *(f"  {one.about}: {one.text}" for one in rest)]


def to_explain(settings: Settings, quarter: Quarter, version: int) -> list[str]:
    """Say how many areas and checks readers find without an explanation; no line for none."""
    number = sum(not one.explanation for one in lacking(settings, quarter, version))
    named = counted(number, "area or check", "areas and checks")
    line = f"Explain    {named}, before sign-off: ctw explain {quarter.id}"
    return [line] if number else []
