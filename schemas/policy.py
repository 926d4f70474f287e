"""Policies: how a kind of population is protected, why, what its users lose, what is printed.

The policies themselves are in `publications/policies.py`, and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass

import disclosure
from disclosure import Exact, Method, Phrase, reading_of, record
from schemas.declared import declared
from schemas.errors import DeclarationError
from schemas.texts import check_text, check_tuple, is_whole
from schemas.warehouse.populations import POPULATIONS
from schemas.warehouse.relations import dimension_columns


@declared
@dataclass(frozen=True)
class Policy:
    """Every parameter that judges privacy, for one kind of population. No table can set one.

    `methods` are applied in order; none means public facts. `because` and `users_lose` are texts
    for the methodology page. `notes` are those for the tables that say what is withheld; without
    notes, the methods supply them. The methods always say how changed figures are read. A rate is
    withheld where the published figure that it divides by is under `minimum_denominator`. A figure
    that readers have is changed by an unscheduled version only where at least
    `minimum_behind_change` different people stand behind the change; 0 where figures are not of
    people.
    """

    name: str
    methods: tuple[Method, ...]
    because: Phrase
    users_lose: Phrase
    minimum_denominator: int
    notes: tuple[Phrase, ...] = ()
    minimum_behind_change: int = 0

    def __post_init__(self) -> None:
        check_text("The name of a policy", self.name)
        what = f"The policy {self.name}"
        check_tuple(f"{what}: methods", self.methods, object)
        for method in self.methods:
            if Method not in type(method).__mro__:
                raise DeclarationError(
                    f"{what} has the method {method!r}, which is none. Give methods of "
                    "disclosure, such as CellKey."
                )
        self._check_classes(what)
        self._check_records(what)
        self._check_order(what)
        self._check_dimensions(what)
        self._check_phrases(what)
        if not is_whole(self.minimum_denominator) or self.minimum_denominator < 1:
            raise DeclarationError(
                f"{what} has the minimum_denominator {self.minimum_denominator!r}. "
                "Give a whole number, 1 or more: no rate divides by zero."
            )
        if not is_whole(self.minimum_behind_change) or self.minimum_behind_change < 0:
            raise DeclarationError(
                f"{what} has the minimum_behind_change {self.minimum_behind_change!r}. "
                "Give 0, or a whole number: how many people at least."
            )

    def _check_classes(self, what: str) -> None:
        """Raise for a method of a class that is not the library's own.

        Records name a method by its class, and a derived class could do less than its name says.
        """
        for method in self.methods:
            kind = type(method)
            if getattr(disclosure, kind.__name__, None) is not kind:
                raise DeclarationError(
                    f"{what} has a method of the class {kind.__name__} in {kind.__module__}, which "
                    "is not one of disclosure. Policies take the methods of disclosure as they "
                    "are: take one of them, or add yours to disclosure/methods, with its tests."
                )

    def _check_records(self, what: str) -> None:
        """Raise for a method whose parameters cannot be published with the release."""
        for method in self.methods:
            try:
                record(method)
            except TypeError as error:
                raise DeclarationError(
                    f"{what} has the method {type(method).__name__}, whose parameters cannot be "
                    f"recorded: {error}. Make it a frozen dataclass of numbers, texts and tuples."
                ) from error

    def _check_order(self, what: str) -> None:
        """Raise for a method that marks cells with no pattern after it, or changed figures before.

        A marked cell follows from its sums until a pattern withholds others beside it.
        """
        for place, method in enumerate(self.methods):
            if not method.marks:
                continue
            name = type(method).__name__
            if all(later.proves is None for later in self.methods[place + 1 :]):
                raise DeclarationError(
                    f"{what} has the method {name} with no ComplementarySuppression after it, so "
                    "what it withholds would follow from the sums. Add one as the last."
                )
            for statistic in method.applies_to or ("",):
                if reading_of(self.methods[:place], statistic) != Exact():
                    raise DeclarationError(
                        f"{what} has the method {name} after one that changes figures. It judges "
                        "true figures: put it first, or leave one of the two out."
                    )

    def _check_dimensions(self, what: str) -> None:
        """Raise for a method that names a dimension of no population: it would do nothing."""
        known = {name for declared in POPULATIONS for name in dimension_columns(declared)}
        unknown = sorted({n for method in self.methods for n in method.named} - known)
        if unknown:
            raise DeclarationError(
                f"{what} has a method for the dimension {unknown[0]!r}, which no population has; "
                f"they have {', '.join(sorted(known))}."
            )

    def _check_phrases(self, what: str) -> None:
        check_tuple(f"{what}: notes", self.notes, Phrase)
        arguments = {"because": self.because, "users_lose": self.users_lose}
        for name, phrase in (*arguments.items(), *(("notes", note) for note in self.notes)):
            if not isinstance(phrase, Phrase) or not phrase.id:
                raise DeclarationError(
                    f"{what} has {name} {phrase!r}. Give a Phrase, with its id in policies.toml."
                )
        ids = [note.id for note in self.notes]
        if len(set(ids)) != len(ids):
            raise DeclarationError(f"{what} has a note twice: {', '.join(ids)}.")

    def guards(self, dimension: str) -> bool:
        """Whether a method of the policy withholds groups that share a category of a dimension."""
        return any(dimension in method.guards for method in self.methods)
