"""A chart says one thing: page, file, drawing, heading and description, each refusal in words."""

from __future__ import annotations

import pytest

from publications.wording.explanations import statements
from tests.publications.gates.finished import problems_of, with_text

GATE, PAGE = "same_in_charts", "index.html"
DRAWING, DATA = "charts/figure-1.svg", "charts/figure-1.csv"
TABLE = f"figure-1: the table on the page is not that of {DATA}."
HEADED = "figure-1: the heading is not the number and title of the chart."
TITLED = "figure-1: the title of the drawing is not that of the chart."
DESCRIBED = "figure-1: the description of the drawing does not agree with its figures."
TITLE = "Health settings with an embedded employment specialist by type, 30 September 2026"

EDITS = {
    "a figure of the file": (DATA, ",569,", ",570,", {TABLE, DESCRIBED}),
    "a label of the file": (DATA, "GP surgery,", "GP,", {TABLE, DESCRIBED}),
    "a figure of the file that is neither first nor last": (DATA, ",359,", ",360,", {TABLE}),
    "a marker of the file": (DATA, ",359,\n", ",359,i\n", {TABLE, DESCRIBED}),
    "a figure that the file withholds": (DATA, ",359,\n", ",,c\n", {TABLE}),
    "the rows of the file": (
        DATA,
        "Mental health teams,NHS Talking Therapies service,359,\n",
        "",
        {TABLE, DESCRIBED},
    ),
    "the measure of the file": (DATA, "settings_embedded", "starts", {DESCRIBED}),
    "the number in the heading": (PAGE, "<figcaption>Figure 1:", "<figcaption>Figure 2:", {HEADED}),
    "the heading": (PAGE, f"<figcaption>Figure 1: {TITLE}", "<figcaption>Figure 1", {HEADED}),
    "the caption of the table": (
        PAGE,
        f'<caption id="figure-1-caption">{TITLE}',
        '<caption id="figure-1-caption">Settings of 49 areas',
        {
            HEADED,
            TITLED,
            "figure-1: the title 'Settings of 49 areas' holds a number bound to no record.",
        },
    ),
    "the title of the drawing": (DRAWING, f">{TITLE}</title>", ">Settings</title>", {TITLED}),
    "a second title of the drawing": (DRAWING, "</title>", "</title><title>More</title>", {TITLED}),
    "the drawing without a title": (
        DRAWING,
        f'<title id="figure-1-title">{TITLE}</title>',
        "",
        {TITLED},
    ),
    "the description": (DRAWING, " at 569 and", " at 596 and", {DESCRIBED}),
    "the least of the description": (DRAWING, " at 26.", " at 62.", {DESCRIBED}),
    "the number of bars": (DRAWING, "with 11 bars", "with 12 bars", {DESCRIBED}),
    "the measure of the description": (DRAWING, " of settings ", " of starts ", {DESCRIBED}),
    "a bar that is named as incomplete": (
        DRAWING,
        "with 11 bars.",
        "with 11 bars. Every bar leaves out the same areas.",
        {DESCRIBED},
    ),
    "a second description": (DRAWING, "</desc>", "</desc><desc>More.</desc>", {DESCRIBED}),
    "the description on the page": (PAGE, " at 569 and", " at 596 and", {DESCRIBED}),
}


@pytest.mark.parametrize("what", EDITS)
def test_a_chart_that_says_two_things_is_refused(release, files, what):
    path, old, new, problems = EDITS[what]
    found = problems_of(GATE, release, with_text(files, path, old, new))
    assert problems <= set(found), found
    rest = set(found) - problems
    assert not rest & {TABLE, HEADED, TITLED, DESCRIBED}
    assert all(problem.startswith("figure-1: ") for problem in found)


@pytest.mark.parametrize("ending", ["csv", "svg"])
@pytest.mark.parametrize("number", [1, 4])
def test_a_chart_without_one_of_its_files_is_refused(release, files, ending, number):
    rest = {path: files[path] for path in files if path != f"charts/figure-{number}.{ending}"}
    assert problems_of(GATE, release, rest) == [
        f"index.html: the files of figure-{number} are missing."
    ]


def test_a_drawing_that_is_on_no_page_is_refused(release, files):
    more = {**files, "charts/figure-9.svg": files[DRAWING]}
    assert problems_of(GATE, release, more) == ["charts/figure-9.svg is on no page."]


def test_a_figure_of_the_page_under_another_name_loses_its_files(release, files):
    edited = with_text(files, PAGE, '<figure class="chart" id="figure-2">', '<figure id="two">')
    assert problems_of(GATE, release, edited) == [
        "charts/figure-2.svg is on no page.",
        "index.html: the files of two are missing.",
    ]


@pytest.mark.parametrize("tag", ["svg", "figure", "figcaption"])
def test_a_chart_on_another_page_is_refused(release, files, tag):
    edited = with_text(files, "quality.html", "</main>", f"<{tag}></{tag}></main>")
    problem = "holds a chart; charts stand in the bulletin, where they are compared."
    assert problems_of(GATE, release, edited) == [f"quality.html {problem}"]


def test_a_chart_of_nothing_but_withheld_figures_may_not_name_a_largest(release, files):
    """The only thing that may be said of it is that there is no figure."""
    lines = files[DATA].decode().splitlines()
    empty = [lines[0], *(f"{line.rsplit(',', 2)[0]},,c" for line in lines[1:])]
    withheld = {**files, DATA: ("\n".join(empty) + "\n").encode()}
    assert DESCRIBED in problems_of(GATE, release, withheld)
    nothing = release.words.say("charts.described.nothing", measure="settings")
    text = files[DRAWING].decode()
    start, end = text.index("<desc"), text.index("</desc>")
    opened = text[start : text.index(">", start) + 1]
    said = " ".join((nothing, *statements(release).values()))
    drawing = f"{text[:start]}{opened}{said}{text[end:]}".encode()
    page = with_drawn_descriptions(withheld[PAGE].decode(), nothing)
    found = problems_of(GATE, release, {**withheld, DRAWING: drawing, PAGE: page.encode()})
    assert DESCRIBED not in found
    assert TABLE in found


def with_drawn_descriptions(page, text):
    """The page with this said of every drawing of its first figure."""
    start, end = page.index("<figure"), page.index("</figure>")
    parts = page[start:end].split("</desc>")
    said_of = [f"{part[: part.index('>', part.index('<desc')) + 1]}{text}" for part in parts[:-1]]
    return f"{page[:start]}{'</desc>'.join([*said_of, parts[-1]])}{page[end:]}"
