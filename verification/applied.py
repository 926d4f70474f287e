"""Whether the methods that the manifest names make the figures that its readings describe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from verification.errors import VerificationError
from verification.findings import INTEGRITY, Finding
from verification.folder import Folder
from verification.measures import UNREADABLE
from verification.methods import EXACT, Behind, Nearest, Share, StatedMethods, Within, whole
from verification.tables import Table

SUPPRESSION = "ComplementarySuppression"
WITHHOLDING = (
    *("Threshold", "MinimumContributors", "PPercent", "PriorPosterior", "Dominance"),
    *("GroupDisclosure", "WithholdCertain", SUPPRESSION),
)
"""The methods that take figures away and change none."""
CHANGING = ("CellKey", "RandomRound", "ControlledRound", "CellKeyMagnitude", "Round")
KNOWN = (*WITHHOLDING, *CHANGING)
"""docs/disclosure/methods.md says what each of them does; the verifier rests on that alone."""


@dataclass(frozen=True)
class StatedPopulation:
    """What the manifest says of one population: methods, certificate, and statistic by measure.

    Its measures are those that tables show.
    """

    name: str
    methods: tuple[Mapping[str, Any], ...]
    certificate: str
    statistics: Mapping[str, str]

    @property
    def named(self) -> tuple[str, ...]:
        """The names of its methods, in their order."""
        return tuple(method["method"] for method in self.methods)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The names that this verifier does not know."""
        return tuple(name for name in self.named if name not in KNOWN)

    @property
    def listed(self) -> str:
        """Its methods in words."""
        return f"its methods ({', '.join(self.named)})" if self.named else "it names no method"


def misapplied(folder: Folder, tables: Sequence[Table], methods: StatedMethods) -> list[Finding]:
    """List the figures that no stated method explains, and the methods that are not known.

    Figures that are withheld need a method that withholds, figures that are read as changed one
    that changes them in just this way, and a certificate the suppression that it proves.
    """
    try:
        shown = {measure for table in tables for measure in table.measures}
        populations = tuple(_populations(folder.manifest, shown))
        withheld = {f.measure for table in tables for f in table.figures if f.is_withheld}
        found = [words for one in populations for words in _faults(one, methods, withheld)]
    except (*UNREADABLE, VerificationError):
        said = "manifest.json does not say by which methods figures are protected."
        return [Finding(INTEGRITY, said)]
    found += [
        f"{name} is named among the methods of {one.name}, and this verifier does not know it, so "
        "what it does was not compared with the figures. Use the verifier of the release's own "
        "code version."
        for one in populations
        for name in dict.fromkeys(one.unknown)
    ]
    return [Finding(INTEGRITY, f"manifest.json: {words}") for words in found]


def _populations(manifest: Mapping[str, Any], shown: Set[str]) -> Iterator[StatedPopulation]:
    """Give every population with its shown measures; raises where methods are no list of names."""
    statistics: dict[str, dict[str, str]] = {}
    for table in manifest.get("tables", ()):
        for measure in table["measures"]:
            if "population" in measure and measure["id"] in shown:
                of = statistics.setdefault(measure["population"], {})
                of[measure["id"]] = measure.get("statistic", measure["id"])
    for name, stated in manifest["populations"].items():
        methods = stated["methods"]
        if not isinstance(methods, list) or not all(isinstance(m["method"], str) for m in methods):
            raise TypeError("no list of methods")
        own = statistics.pop(name, {})
        yield StatedPopulation(name, tuple(methods), stated.get("certificate") or "", own)
    if statistics:
        raise KeyError("a population that is not stated")


def _faults(one: StatedPopulation, methods: StatedMethods, withheld: Set[str]) -> Iterator[str]:
    for measure, statistic in one.statistics.items():
        stated = methods.perturbed.get(measure, EXACT)
        made = _made(one.methods, statistic)
        if made is not None and not _agree(stated, made):
            said = f"by {one.listed} it is {_words(made)}" if one.methods else one.listed
            yield f"{measure} of {one.name} is stated to be {_words(stated)}, but {said}."
    taken = [measure for measure in one.statistics if measure in withheld]
    if taken and not one.unknown and not any(name in WITHHOLDING for name in one.named):
        said = f"{one.listed} withhold none" if one.methods else one.listed
        yield f"figures of {', '.join(taken)} of {one.name} are withheld, but {said}."
    proved = [m.get("protect") for m in one.methods if m["method"] == SUPPRESSION]
    if one.certificate and one.certificate not in proved and not one.unknown:
        said = f"by {one.listed} nothing is proved so" if one.methods else one.listed
        yield f"{one.name} has the certificate {one.certificate}, but {said}."


def _made(methods: Sequence[Mapping[str, Any]], statistic: str) -> Behind | None:
    """Return how figures are read after all methods; None where one of them is not known."""
    known: Behind | None = EXACT
    for method in methods:
        if method["method"] not in KNOWN:
            known = None
        elif method["method"] in CHANGING and _treats(method, statistic):
            known = _changed(method, known)
    return known


def _treats(method: Mapping[str, Any], statistic: str) -> bool:
    """Whether a method is for a statistic: one that names none is for all."""
    named = method["statistics"]
    if not isinstance(named, list):
        raise TypeError("no list of statistics")
    return not named or statistic in named


def _changed(method: Mapping[str, Any], before: Behind | None) -> Behind | None:
    """Return how figures are read after one method; the first four change the true value."""
    match method["method"]:
        case "CellKey":
            reach = whole(method, "largest_change", 0)
            return Within(whole(method, "base", 1), reach, reach, keeps_zero=True)
        case "RandomRound":
            base = whole(method, "base", 1)
            return Within(base, base - 1, base - 1, keeps_zero=True)
        case "ControlledRound":
            base = whole(method, "base", 1)
            reach = base - 1 + whole(method, "further", 0) * base
            return Within(base, reach, reach)
        case "CellKeyMagnitude":
            return Share(whole(method, "most", 0, 999))
    base = whole(method, "base", 1)
    return before if before is None or before.base % base == 0 else Nearest(base, before)


def _agree(stated: Behind, made: Behind) -> bool:
    """Whether a reading is that of the methods.

    The largest change that a cell key can make may be less than its parameter allows, but it must
    bring every count to a multiple of the base.
    """
    if isinstance(stated, Nearest) and isinstance(made, Nearest):
        return stated.base == made.base and _agree(stated.before, made.before)
    if isinstance(stated, Within) and isinstance(made, Within) and made.keeps_zero:
        reaches = (stated.below, stated.above)
        alike = (stated.base, stated.keeps_zero) == (made.base, True)
        return alike and all(made.base - 1 <= reach <= made.below for reach in reaches)
    return stated == made


def _words(way: Behind) -> str:
    """Say how figures are read."""
    if way == EXACT:
        return "exact"
    if isinstance(way, Nearest):
        before = "" if way.before == EXACT else f" of figures that are {_words(way.before)}"
        return f"rounded to multiples of {way.base}{before}"
    if isinstance(way, Share):
        return f"changed by at most {way.thousandths} in 1,000"
    if isinstance(way, Within):
        kept = "; zeros stay" if way.keeps_zero else ""
        return f"multiples of {way.base} (true value -{way.below} to +{way.above}{kept})"
    return f"multiples of {way.base}"
