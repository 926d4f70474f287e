"""A chart has one drawing, description, table and file, and each says when it differs."""

from __future__ import annotations

import json

import pytest

from tests.verification.drawn import seal, write
from verification import verify

TITLE = "Starts by area"
ROWS = [("", "Tyne", "1200", ""), ("", "Tees", "600", ""), ("", "Mersey", "300", "")]
LARGEST = "Bar chart with 3 bars. The largest is Tyne at 1,200 and the smallest Mersey at 300."


def shown(value, marker):
    mark = f"[{marker}]" if marker else ""
    return " ".join(filter(None, (f"{int(value):,}" if value else "", mark)))


def name(group, label):
    return f"{group} {label}" if group[:1].isdigit() else label


def drawing(rows=ROWS, *, title=TITLE, description=LARGEST, widths=None, words=None, upright=False):
    """Bars of 100% for the largest figure, with their labels; `upright` draws columns of 200."""
    values = [float(value or 0) for _, _, value, _ in rows]
    most = max(values, default=0) or 1
    per = 200 if upright else 100
    sizes = widths or [per * value / most for value in values]
    groups = list(dict.fromkeys(group for group, *_ in rows if group))
    words = words or [
        *(w for g, label, v, m in rows for w in (label, shown(v, m))),
        *groups,
    ]
    unit = "" if upright else "%"
    bars = "".join(
        f'<rect x="{9 * place + 1 if upright else 0}" fill="#206095" '
        f'{"height" if upright else "width"}="{size:.2f}{unit}"/>'
        for place, size in enumerate(sizes)
    )
    texts = "".join(f"<text>{word}</text>" for word in words if word)
    frame = '<rect x="0" width="100%" height="100%" fill="#ffffff"/>'
    return f"<title>{title}</title><desc>{description}</desc>{frame}{bars}{texts}"


SVG = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'


@pytest.fixture
def findings_of(tmp_path, tables):
    """What is found about a chart of these rows, with some of its forms changed."""
    folder = write(tmp_path, tables)
    (folder / "charts").mkdir()

    def examine(rows=ROWS, *, page=None, alone=None, beside=None, caption=None, title=TITLE):
        lines = "".join(
            ",".join(row) + "\n" for row in [("group", "label", "value", "marker"), *rows]
        )
        (folder / "charts" / "figure-2.csv").write_text(lines)
        facts = {"facts": [{"text": " ".join(row[:2]).strip()} for row in rows]}
        (folder / "facts.json").write_text(json.dumps(facts))
        beside = beside or [(name(*row[:2]), shown(*row[2:])) for row in rows]
        cells = [
            f'<tr><th data-cell="{line},2">{head}</th><td data-cell="{line},3">{figure}</td></tr>'
            for line, (head, figure) in enumerate(beside, 2)
        ]
        heading = f"Figure 2: {title}" if caption is None else caption
        (folder / "index.html").write_text(
            f'<figure id="figure-2"><figcaption>{heading}</figcaption>'
            f"<svg>{page or drawing(rows)}</svg>"
            f'<table data-source="charts/figure-2.csv"><caption>{title}</caption>'
            f"<tbody>{''.join(cells)}</tbody></table></figure>"
        )
        (folder / "charts" / "figure-2.svg").write_text(SVG.format(alone or page or drawing(rows)))
        seal(folder)
        found = [finding.message for finding in verify(folder).findings]
        return [
            message.removeprefix("figure-2: ")
            for message in found
            if message.startswith("figure-2")
        ]

    return examine


def test_a_chart_whose_forms_agree_is_sound(findings_of):
    assert findings_of() == []
    assert findings_of(page=drawing(upright=True)) == []


ONE_FAULT = {
    "a bar that is too long": (
        {"widths": [100, 60, 25]},
        "a drawing is not to scale.",
    ),
    "a bar that is missing": (
        {"widths": [100, 50]},
        "a drawing is not to scale.",
    ),
    "bars of other figures": (
        {"widths": [50, 100, 25]},
        "a drawing is not to scale.",
    ),
    "another title": (
        {"title": "Starts by region"},
        "a drawing has another title.",
    ),
    "a label of another figure": (
        {"words": ["Tyne", "1,201", "Tees", "600", "Mersey", "300"]},
        "a drawing has labels that are not those of the figures.",
    ),
    "a label too many": (
        {"words": ["Tyne", "1,200", "Tees", "600", "Mersey", "300", "300"]},
        "a drawing has labels that are not those of the figures.",
    ),
    "a label too few": (
        {"words": ["Tyne", "1,200", "Tees", "600", "Mersey"]},
        "a drawing has labels that are not those of the figures.",
    ),
    "another largest figure": (
        {"description": LARGEST.replace("1,200", "1,300")},
        "a drawing is described with other numbers.",
    ),
    "another number of bars": (
        {"description": LARGEST.replace("3 bars", "4 bars")},
        "a drawing is described with other numbers.",
    ),
    "one more number": (
        {"description": f"{LARGEST} That is 7 in all."},
        "a drawing is described with other numbers.",
    ),
    "no number": (
        {"description": "A chart."},
        "a drawing is described with other numbers.",
    ),
}


@pytest.mark.parametrize(("change", "sentence"), ONE_FAULT.values(), ids=ONE_FAULT)
@pytest.mark.parametrize("form", ["page", "alone"])
def test_a_drawing_that_differs_is_reported_on_the_page_and_in_its_file(
    findings_of, form, change, sentence
):
    forms = {"page": drawing(), "alone": drawing()} | {form: drawing(**change)}
    assert findings_of(**forms) == [sentence]


def test_both_drawings_are_reported_in_one_sentence(findings_of):
    assert findings_of(page=drawing(title="Another")) == ["a drawing has another title."]


def test_a_description_without_end_or_twice_is_reported(findings_of):
    twice = drawing().replace("<desc>", f"<desc>{LARGEST}</desc><desc>")
    assert findings_of(alone=twice) == ["a drawing is described with other numbers."]
    none = drawing().replace(f"<desc>{LARGEST}</desc>", "")
    assert findings_of(alone=none) == ["a drawing is described with other numbers."]


@pytest.mark.parametrize(
    "beside",
    [
        [("Tyne", "1,201"), ("Tees", "600"), ("Mersey", "300")],
        [("Tees", "600"), ("Tyne", "1,200"), ("Mersey", "300")],
        [("Tyne", "1,200"), ("Tees", "600")],
        [("Tyne", "1,200"), ("Tees", "600"), ("Mersey", "300"), ("Ribble", "1")],
        [("Tyneside", "1,200"), ("Tees", "600"), ("Mersey", "300")],
    ],
)
def test_the_table_beside_a_chart_is_its_file(findings_of, beside):
    assert findings_of(beside=beside) == ["the table on the page is not charts/figure-2.csv."]


@pytest.mark.parametrize("caption", ["Figure 3: Starts by area", "Starts by area", "Figure 2: X"])
def test_the_heading_of_a_chart_is_its_number_and_title(findings_of, caption):
    assert findings_of(caption=caption) == ["its heading is not its number and title."]


GROUPED = [
    ("2026-27", "Q1", "400", ""),
    ("2026-27", "Q2", "800", ""),
    ("2027-28", "Q1", "100", ""),
]
OF_QUARTERS = "3 bars. The largest is 2026-27 Q2 at 800 and the smallest 2027-28 Q1 at 100."


def test_groups_are_labelled_once_or_with_each_of_their_bars(findings_of):
    assert findings_of(GROUPED, page=drawing(GROUPED, description=OF_QUARTERS)) == []
    each = [w for g, label, v, m in GROUPED for w in (f"{g} {label}", shown(v, m))]
    assert findings_of(GROUPED, page=drawing(GROUPED, description=OF_QUARTERS, words=each)) == []
    mixed = ["2026-27", *each]
    assert findings_of(GROUPED, page=drawing(GROUPED, description=OF_QUARTERS, words=mixed)) == [
        "a drawing has labels that are not those of the figures."
    ]


def test_a_figure_that_is_withheld_has_no_bar_and_is_not_the_smallest(findings_of):
    rows = [*ROWS, ("", "Ribble", "", "c")]
    description = LARGEST.replace("3 bars", "4 bars")
    assert findings_of(rows, page=drawing(rows, description=description)) == []
    long = drawing(rows, description=description, widths=[100, 50, 25, 10])
    assert findings_of(rows, page=long) == ["a drawing is not to scale."]


def test_a_chart_with_an_incomplete_figure_may_name_it_and_compare_nothing(findings_of):
    rows = [*ROWS[:2], ("", "Mersey 2", "300", "i")]
    description = "3 bars. Mersey 2 leaves out an area."
    assert findings_of(rows, page=drawing(rows, description=description)) == []
    for wrong in ("3 bars. It leaves out an area.", "3 bars. Mersey 2 leaves out 7 areas."):
        assert findings_of(rows, page=drawing(rows, description=wrong)) == [
            "a drawing is described with other numbers."
        ]
    complete = "3 bars. Mersey leaves out an area."
    assert findings_of(page=drawing(description=complete)) == [
        "a drawing is described with other numbers."
    ]


def test_a_chart_of_nothing_but_withheld_figures_has_no_numbers(findings_of):
    rows = [("", "Tyne", "", "c"), ("", "Tees", "", "c")]
    assert (
        findings_of(rows, page=drawing(rows, description="Nothing can be shown.", widths=[0, 0]))
        == []
    )
    assert findings_of(rows, page=drawing(rows, description="2 bars.", widths=[0, 0])) == [
        "a drawing is described with other numbers."
    ]


def test_a_chart_of_no_figures_has_no_bars(findings_of):
    assert findings_of([], page=drawing([], description="Nothing can be shown.")) == []
    assert findings_of([], page=drawing([], description="Nothing can be shown.", widths=[50])) == [
        "a drawing is not to scale."
    ]


@pytest.mark.parametrize(
    ("upright", "widths", "sound"),
    [
        (False, [100, 50.01, 25], True),
        (False, [100, 50.03, 25], False),
        (True, [200, 101, 50], True),
        (True, [200, 101.1, 50], False),
    ],
)
def test_bars_are_to_scale_to_the_last_digit_that_is_drawn(findings_of, upright, widths, sound):
    found = findings_of(page=drawing(widths=widths, upright=upright))
    assert found == ([] if sound else ["a drawing is not to scale."])


def test_a_chart_without_its_file_is_reported(findings_of, tmp_path):
    assert findings_of() == []
    (tmp_path / "charts" / "figure-2.svg").unlink()
    seal(tmp_path)
    found = {finding.message for finding in verify(tmp_path).findings}
    assert "figure-2: a drawing has another title." in found
    assert "figure-2: a drawing is not to scale." in found
