"""What sentences may use: cells, phrases, dates, links. One context per sentence."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

from markupsafe import Markup

from publications.commentary.areas import STARTS_BY_AREA, OpenedAreas, areas_in
from publications.commentary.changes import (
    Change,
    DifferentAreas,
    LikeForLike,
    Side,
    like_for_like,
    of_all,
)
from publications.commentary.prose import (
    FigurePlace,
    Ledger,
    MissingFigure,
    Number,
    end,
    list_and,
    share,
    x_in_10,
)
from publications.commentary.ranking import Ranked, in_no_order, ranked
from publications.data.open_data import figure_column, figure_row, header
from publications.errors import UnknownFigure
from publications.release.model import NOT_OPEN, UNUSED
from publications.release.public import PublicRelease
from publications.views.layout import Layout, layouts, places_of
from publications.wording.explanations import meaning
from publications.wording.format import day, in_sentence, months
from publications.wording.naming import csv_path, returns_path
from publications.words import Words, declared
from schemas.dimension import GEOGRAPHY, Codes
from schemas.quarter import PROGRAMME_START, Quarter

log = logging.getLogger(__name__)
AREA_LEVEL = "delivery_area"


@dataclass(frozen=True)
class CitationContext:
    """The figures of a release as the commentary reads them."""

    release: PublicRelease
    layouts: tuple[Layout, ...] = field(default=())

    @classmethod
    def of(cls, release: PublicRelease) -> CitationContext:
        """Prepare a release for the commentary."""
        return cls(release, layouts(release))

    @property
    def words(self) -> Words:
        """The words of the release's language."""
        return self.release.words

    def say(self, key: str) -> str:
        """Return a heading or title, which may name the day and the quarter of the release."""
        quarter, words = self.release.quarter, self.words
        dated = {"day": day(quarter.end, words), "quarter": quarter.label}
        return words.say(key, **{name: dated[name] for name in words.figures.get(key, ())})

    @cached_property
    def places(self) -> Codes:
        """The places of the release, as its tables have them."""
        return places_of(self.layouts, self.release.quarter, self.words)

    @cached_property
    def _tables(self) -> Mapping[str, Layout]:
        return {layout.table.id: layout for layout in self.layouts}

    def layout(self, table: str) -> Layout:
        """Return a table by its id; raises `UnknownFigure`."""
        if table not in self._tables:
            raise UnknownFigure.of_table(table, self._tables)
        return self._tables[table]

    def codes(self, layout: Layout, named: Mapping[str, str]) -> dict[str, str]:
        """Complete the codes of a cell: dimensions that are not named have their total."""
        return {
            axis.name: self.periods.get(code, code)
            for axis in layout.axes
            for code in [named.get(axis.name, axis.root)]
        }

    @cached_property
    def periods(self) -> Mapping[str, str]:
        """The codes of the periods that a text names by what they are to the release."""
        quarter = self.release.quarter
        named = {"now": quarter.id, "to_date": "total", "year": quarter.financial_year}
        if quarter != PROGRAMME_START:
            named["before"] = quarter.previous.id
        if quarter.financial_year != PROGRAMME_START.financial_year:
            named["last_year"] = Quarter(quarter.year - 1, quarter.number).financial_year
        return named

    def number(self, ledger: Ledger, table: str, measure: str, **named: str) -> Number:
        """Cite one published figure; a figure that is withheld or missing has no value."""
        try:
            layout = self.layout(table)
            codes = self.codes(layout, named)
            figure = layout.table.figure(measure, **codes)
        except UnknownFigure as missing:
            return Number(ledger, None, reason=str(missing))
        column = layout.table.measure(measure)
        row = figure_row(layout, measure, tuple(codes.values()))
        file = csv_path(self.release.quarter, layout.table)
        at = figure_column(layout, column.kind)
        place = FigurePlace(file, row, at, table, measure, codes)
        heading = header(layout)
        limits = tuple(replace(place, column=1 + heading.index(n)) for n in ("lower", "upper"))
        marker = figure.marker
        reason = f"{measure} in {table} is {meaning(marker, self.words)}" if marker else ""
        return Number(
            ledger,
            figure.value,
            (place,),
            decimals=column.decimals,
            marker=marker,
            reason=reason,
            lacks=figure.lacks,
            imputed=figure.imputed,
            areas=self.opened.of(table, measure, codes),
            ends=layout.range_of(measure, figure),
            is_drawn=layout.is_drawn(measure),
            limits=limits,
        )

    @cached_property
    def opened(self) -> OpenedAreas:
        """Which areas each figure is of."""
        return OpenedAreas(self.layouts, self.places)

    @cached_property
    def unused(self) -> frozenset[str]:
        """The areas that were open and whose return was not received or could not be used."""
        return self.release.quality.areas(*UNUSED)

    @cached_property
    def estimated(self) -> frozenset[str]:
        """The areas among those that an estimate stands in for."""
        return self.unused & areas_in(g.part for g in self.release.quality.gaps if g.is_imputed)

    @property
    def is_mixed(self) -> bool:
        """Whether an estimate stands in for some of these areas, and others are left out."""
        return bool(self.estimated) and self.estimated != self.unused

    def parts(
        self, ledger: Ledger, table: str, measure: str, along: str, level: str, quarter: str
    ) -> tuple[Ranked, ...]:
        """Return the figures along one dimension, all others at their total."""
        layout = self.layout(table)
        place = [axis.name for axis in layout.axes].index(along)
        axis = layout.axes[place]
        groups = set(axis.parents.values())
        labels = {row.codes[place]: row.labels[place] for row in layout.table.rows}
        wanted = [
            code for code in labels if (axis.levels[code] == level if level else code not in groups)
        ]
        if not axis.is_geography:
            labels = {code: in_sentence(label, self.words) for code, label in labels.items()}
        return tuple(
            Ranked(
                labels[code],
                self.number(ledger, table, measure, **{along: code, "quarter": quarter}),
            )
            for code in wanted
        )

    def _alike(
        self, ledger: Ledger, table: str, now: Mapping[str, str], other: Mapping[str, str]
    ) -> LikeForLike:
        """Compare two figures of the same areas: those of all together, or else sums by area.

        Raises `MissingFigure` where neither is of the same areas.
        """
        first, second = (self.number(ledger, table, **named) for named in (now, other))
        by_area, beside = (self._by_area(ledger, table, named) for named in (now, other))
        starts = {"measure": "starts", "quarter": now["quarter"]}
        cited = [
            one
            for one in self._by_area(ledger, STARTS_BY_AREA, starts)
            if one.there and one.areas <= first.areas
        ]
        is_alike = first.is_whole and second.is_whole and first.areas == second.areas
        if is_alike and len(cited) == len(first.areas):
            return of_all(Change(first, second), cited, beside)
        if not by_area:
            _ = Change(first, second)
            raise DifferentAreas("how many areas the figures are of is not published")
        return like_for_like(Side(first, by_area), Side(second, beside), ledger)

    def _by_area(self, ledger: Ledger, table: str, named: Mapping[str, str]) -> list[Number]:
        """Cite a figure of every delivery area, in published order; none without areas."""
        axes = [axis for axis in self.layout(table).axes if axis.is_geography]
        areas = [
            code for axis in axes for code, level in axis.levels.items() if level == AREA_LEVEL
        ]
        return [self.number(ledger, table, **{**named, GEOGRAPHY.name: area}) for area in areas]

    @cached_property
    def _cells(self) -> Mapping[str, Number]:
        """The cells that the catalogue names, looked up once; no sentence has cited them yet."""
        nobody = Ledger("", self.words)
        return {
            name: self.number(nobody, cell["table"], cell["measure"], **_codes(cell))
            for name, cell in declared("cells").items()
        }

    def context(self, ledger: Ledger, mixed: bool | None = None) -> dict[str, Any]:
        """Return everything that a sentence may name.

        `mixed` says whether its figures hold estimates and leave out others; None asks the release.
        """
        cells = {name: replace(number, ledger=ledger) for name, number in self._cells.items()}
        facts: dict[str, Any] = {**self._returns(ledger), **self._dates()}
        facts |= {
            "imputed": bool(self.estimated),
            "mixed": self.is_mixed if mixed is None else mixed,
        }
        return cells | self._phrases(ledger) | facts | self._links()

    def _phrases(self, ledger: Ledger) -> dict[str, Callable[..., Any]]:
        """Return what sentences call: functions of figures, then words."""
        return self._of_figures(ledger) | {
            "change": Change,
            "least": partial(end, which=0),
            "most": partial(end, which=1),
            "share": share,
            "x_in_10": x_in_10,
            "in_no_order": partial(in_no_order, words=self.words),
            "list_and": partial(list_and, words=self.words),
            "plural": partial(plural, words=self.words),
        }

    def _of_figures(self, ledger: Ledger) -> dict[str, Callable[..., Any]]:
        def ranking(
            table: str,
            measure: str,
            along: str,
            top: int,
            level: str = "",
            quarter: str = "to_date",
        ) -> tuple[Ranked, ...]:
            return ranked(self.parts(ledger, table, measure, along, level, quarter), top)

        def alike(
            table: str,
            measure: str,
            beside: str = "",
            quarter: str = "now",
            before: str = "before",
            **named: str,
        ) -> LikeForLike:
            """Compare a measure with an earlier quarter, or with the measure `beside`."""
            other = {"measure": beside or measure, "quarter": quarter if beside else before}
            now = {"measure": measure, "quarter": quarter}
            return self._alike(ledger, table, named | now, named | other)

        def alike_if_any(*asked: str, **named: str) -> LikeForLike | None:
            try:
                return alike(*asked, **named)
            except (MissingFigure, UnknownFigure) as reason:
                log.info("Sentence %s says no change: %s", ledger.sentence, reason)
                return None

        return {
            "ranking": ranking,
            "alike": alike,
            "alike_if_any": alike_if_any,
            "fact": partial(self._fact, ledger),
        }

    def _fact(self, ledger: Ledger, name: str) -> Number:
        known = next(fact for fact in declared("facts")["fact"] if fact["id"] == name)
        title = self.words.section("facts.sources")[known["source"]]
        return Number(ledger, known["value"], operation="fact", source=title)

    def _dates(self) -> dict[str, Markup]:
        quarter = self.release.quarter
        return {
            "period": Markup('<span class="period">{}</span>').format(months(quarter, self.words)),
            "period_end": Markup(
                '<time datetime="{}" data-source="manifest.json#/period/end">{}</time>'
            ).format(quarter.end.isoformat(), day(quarter.end, self.words)),
        }

    def _returns(self, ledger: Ledger) -> dict[str, Number]:
        quality = self.release.quality
        due = len(quality.returns) - quality.count(NOT_OPEN)
        unused = quality.count(*UNUSED)
        left_out = "|".join((*UNUSED, NOT_OPEN))
        file = returns_path(self.release.quarter)

        def count(value: int, what: str) -> Number:
            return Number(ledger, value, operation=f"count {what}", source=f"{file}#col=3")

        def of_policy(value: int | None) -> Number:
            source = "methodology.html#disclosure-control"
            return Number(ledger, value, operation="policy", source=source)

        return {
            "returns_expected": count(due, f"not among: {NOT_OPEN}"),
            "returns_used": count(due - unused, f"not among: {left_out}"),
            "returns_estimated": self._returns_estimated(ledger),
            "returns_missing": count(unused, f"among: {'|'.join(UNUSED)}"),
            "rounding_base": of_policy(self.release.rounding_base),
            "rounding_reach": of_policy(self._reach),
        }

    def _returns_estimated(self, ledger: Ledger) -> Number:
        """Count the areas that an estimate stands in for, by their starts, which are marked so."""
        cells = [
            self.number(ledger, STARTS_BY_AREA, "starts", delivery_area=area, quarter="now")
            for area in sorted(self.estimated)
        ]
        places = tuple(place for one in cells for place in one.places)
        return Number(ledger, len(places), places, "estimated")

    @cached_property
    def _reach(self) -> int | None:
        """How far a figure that was changed can be off at most; None where none is changed."""
        readings = (one for layout in self.layouts for one in layout.readings.values())
        return max((max(one.off) for one in readings if one.off and any(one.off)), default=None)

    def _links(self) -> dict[str, Callable[..., Markup]]:
        def table(name: str) -> Markup:
            found = self.layout(name).table
            text = self.words.say("tables.number_in_text", number=found.number)
            return link(csv_path(self.release.quarter, found), text)

        def label(name: str, along: str, code: str) -> Markup:
            layout, code = self.layout(name), self.periods.get(code, code)
            place = [axis.name for axis in layout.axes].index(along)
            row = next((r for r in layout.table.rows if r.codes[place] == code), None)
            if row is None:
                raise UnknownFigure(f"{name} has no code {code!r} of {along}.")
            at = figure_row(layout, layout.table.measures[0].id, row.codes)
            address = f"{csv_path(self.release.quarter, layout.table)}#cell={at}"
            return Markup('<span data-source="{},{}">{}</span>').format(
                address, header(layout).index(along) + 1, row.labels[place]
            )

        def source(name: str) -> Markup:
            title, links = self.words.section("facts.sources")[name], declared("facts")["links"]
            if name in links:
                return link(links[name], title)
            return Markup("<cite>{}</cite>").format(title)

        return {"table": table, "label": label, "source": source}


def link(address: str, text: str) -> Markup:
    """Return a link with descriptive text."""
    return Markup('<a href="{}">{}</a>').format(address, text)


def plural(number: Number, /, words: Words, **forms: str) -> str:
    """Return the word that agrees with a number: one word for each plural form of the language.

    Raises `WordingError` when the forms are not those of the language.
    """
    words.language.check_forms(forms, f"the sentence {number.ledger.sentence}")
    return forms[words.form(int(number.known))]


def _codes(cell: Mapping[str, str]) -> dict[str, str]:
    return {name: code for name, code in cell.items() if name not in ("table", "measure")}
