"""The disclosure-control report of one population: it contains only what may be published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from disclosure.phrase import Phrase


@dataclass(frozen=True)
class DisclosureReport:
    """What was done and what it cost, in figures that do not help to undo it.

    `cells` = `shown` + `withheld` + `marked`. `by_reason` counts the withheld cells by what
    withheld them. `cost` and `bound`: what readers lose beyond the sensitive cells, and a proven
    lower bound of it, as shares of what they would lose with all cells, in whole percent. A cell's
    loss is declared by the method, or its value: an exact sum of withheld values would be one more
    equation for an attacker. `gap`: how far the cost may be above the
    optimum, as a share with two decimals; null where no bound was proven. `exposed`: facts that the
    closing attack could derive; always 0, since a table with any is never made. `certified`:
    whether a certificate, checked without a solver, proves the pattern. `attacker`: what somebody
    who knows the methods can still conclude: phrases, or sentences in a report that an earlier
    version wrote. `tolerance`: by how much a sum may be
    off, in the unit of the figures.
    """

    cells: int
    shown: int
    withheld: int
    marked: int
    by_reason: Mapping[str, int]
    cost: int | None
    bound: int | None
    gap: float | None
    exposed: int
    certified: bool
    attacker: tuple[Phrase | str, ...]
    tolerance: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return the report as JSON-able values; a tolerance of 0 is left out."""
        said = [one if isinstance(one, str) else asdict(one) for one in self.attacker]
        values = {**asdict(self), "attacker": said}
        return values if self.tolerance else {k: v for k, v in values.items() if k != "tolerance"}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> DisclosureReport:
        """Return the report that `as_dict` wrote; raises `TypeError` for one of other fields."""
        said = (
            one if isinstance(one, str) else Phrase.from_dict(one) for one in values["attacker"]
        )
        return cls(**{**values, "attacker": tuple(said)})
