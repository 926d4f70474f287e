"""The site's own pages say, from records, what was published when and what was corrected."""

from __future__ import annotations

import csv
import io
import posixpath
from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest

from publications.data.published import Published
from publications.data.revised import with_revisions
from publications.folder import render
from publications.pages.corrections import (
    HEADING,
    changes,
    changes_csv,
    corrections,
    figure_in_words,
)
from publications.pages.notices import SHOWN, notice_of
from publications.pages.site import Edition, site_pages
from publications.wording.naming import csv_path, returns_path
from publications.words import words_in
from tests.publications.html_page import name_of, page
from tests.publications.release_sample import (
    editions,
    sample,
    with_cells,
    with_version,
)

pytestmark = pytest.mark.slow

WORDS = words_in()


def text_of(content):
    return name_of(page(content).get_element_by_id("main"))


def test_the_front_page_lists_each_release_once_latest_first(site):
    links = page(site["index.html"]).xpath("//ul[@class='releases']//a/@href")
    assert links == ["2026-27Q2/index.html", "2026-27Q1/index.html", "2026-27Q1/corrections.html"]
    assert "Nothing has been published yet" in text_of(site_pages([], WORDS)["index.html"])


def test_the_order_is_that_of_the_quarters_however_they_were_published(site):
    late, corrected, newest = editions()
    years_later = replace(corrected, published_at=newest.published_at + timedelta(days=900))
    front = text_of(site_pages([years_later, newest, late], WORDS)["index.html"])
    assert front.index("July to September 2026") < front.index("April to June 2026")


def test_the_time_of_publication_is_that_of_the_record_and_the_planned_one_is_told_apart(site):
    front, own = text_of(site["index.html"]), text_of(site["2026-27Q1/index.html"])
    late = "First published 2:30pm on 26 November 2026, late: it was planned for 9:30am on 17 "
    assert late in front
    assert late in own
    assert "Published 9:30am on 17 December 2026. Official" in front
    assert "late" not in text_of(site["2026-27Q2/index.html"])


def test_a_release_that_was_corrected_says_so_wherever_it_is_listed(site):
    assert "Corrected: version 2 was published 9:30am on 6 December 2026" in text_of(
        site["index.html"]
    )
    own = text_of(site["2026-27Q1/index.html"])
    assert "Version 2 replaced version 1 at 9:30am on 6 December 2026" in own
    assert "Reason: An area <claimed> twice." in own
    assert "Superseded by version 2" in own
    assert "orrected" not in text_of(site["2026-27Q2/index.html"])


def test_a_notice_gives_each_figure_as_it_was_and_as_it_is(site):
    document = page(site["2026-27Q1/corrections.html"])
    assert "2:30pm" not in text_of(site["2026-27Q1/corrections.html"])
    rows = [[name_of(cell) for cell in row] for row in document.xpath("//tbody/tr")]
    assert rows[0][0] == "Funding claimed (pounds): England and Wales; 2026-27"
    assert rows[0][2] == "7"
    listed = list(csv.DictReader(io.StringIO(site["2026-27Q1/corrections-v2.csv"].decode())))
    assert tuple(listed[0]) == HEADING
    assert [row["measure"] for row in listed] == ["Funding claimed", "Funding claimed per start"]
    assert [row["new_value"] for row in listed] == ["7", "0"]
    assert rows[0][1].replace(",", "") == listed[0]["old_value"]
    assert "An area <claimed> twice." in text_of(site["2026-27Q1/corrections.html"])


def test_links_between_pages_of_the_site_and_of_versions_lead_both_ways(site):
    laid = dict(site)
    for edition in editions():
        laid |= {f"{edition.address}/{path}": content for path, content in edition.files.items()}
    for path, content in laid.items():
        if path.endswith(".html"):
            for target in page(content).xpath("//a/@href"):
                if "://" not in target and not target.startswith(("#", "mailto:")):
                    found = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
                    assert found.split("#")[0] in laid, (path, target)
    assert "../index.html" in page(laid["2026-27Q1/v1/index.html"]).xpath("//main//a/@href")


def test_every_page_of_a_version_names_it(files):
    release = with_version(sample(), 2)
    for path, content in render(release).items():
        if path.endswith(".html"):
            assert "Version 2 of 2026-27 Q2. All versions" in text_of(content), path


def test_pages_of_a_version_say_when_it_was_planned_and_never_that_it_was_published_then(files):
    bulletin = page(files["index.html"])
    assert "Published" not in [name_of(term) for term in bulletin.iter("dt")]
    assert "Planned release" in [name_of(term) for term in bulletin.iter("dt")]


def test_a_version_without_changed_figures_says_so():
    first = sample()
    second = Edition(first.quarter, 2, render(with_version(first, 2)), first.release_at, "Words")
    pages = site_pages([Edition(first.quarter, 1, render(first), first.release_at), second], WORDS)
    assert "No figure of the open data differs" in text_of(pages["2026-27Q2/corrections.html"])
    assert "2026-27Q2/corrections-v2.csv" not in pages


def test_many_changes_are_all_in_the_file_and_the_headlines_on_the_page():
    old = sample()
    cells = next(table.cells for table in old.protected if table.name == "starts")
    doubled = with_cells(old, "starts", cells.with_columns(pl.col("value") * 2))
    found = changes(render(old), render(with_version(doubled, 2)), WORDS)
    assert len(found) > SHOWN
    order = [change.is_headline for change in found]
    assert order == sorted(order, reverse=True)
    assert "England and Wales" in found[0].row
    assert len(changes_csv(found, WORDS).decode().splitlines()) == len(found) + 1


def test_a_notice_counts_and_lists_the_same_figures_and_those_that_the_release_revises():
    late = sample(missing=("CTW-EN20",))
    old = Edition(late.quarter, 1, render(late), late.release_at)
    then = Published(late.quarter, 1, old.files)
    release = with_revisions(with_version(sample(), 2), [then], "")
    new = Edition(late.quarter, 2, render(release), late.release_at, "It came late.")
    notice, files = notice_of(old, new, WORDS)
    listed = list(csv.DictReader(io.StringIO(files["corrections-v2.csv"].decode())))
    revised = {(one.old, one.new) for one in release.revisions.found}
    assert len(listed) == len(release.revisions.found) > SHOWN
    assert f"Between the two versions {len(listed)} figures" in notice["counted"]
    assert len(corrections(old.files, new.files, WORDS).figures) == len(listed)
    shown = {((r["old_value"], r["old_marker"]), (r["new_value"], r["new_marker"])) for r in listed}
    assert {(old[0], new[0]) for old, new in shown} == {(old[0], new[0]) for old, new in revised}
    text = text_of(site_pages([old, new], WORDS)["2026-27Q2/corrections.html"])
    assert "Oxfordshire: not received in version 1, accepted in version 2" in text
    assert "more figures, whose values are the same in both versions, the mark changed." in text


@pytest.mark.parametrize(
    ("figure", "shown"),
    [
        (("8800", ""), "8,800"),
        (("-5", ""), "\u22125"),
        (("12.5", ""), "12.5"),
        (("", "c"), "[c]"),
        (("100", "e"), "100 [e]"),
        (("2026-07-01", ""), "1 July 2026"),
        (("accepted", ""), "accepted"),
        (None, "no figure"),
    ],
)
def test_both_sides_of_a_change_read_as_figures_do(figure, shown):
    assert figure_in_words(figure, WORDS) == shown


def test_a_figure_that_only_one_version_has_and_a_return_that_came_late_are_changes():
    release = sample()
    files = render(release)
    path, table = returns_path(release.quarter), csv_path(release.quarter, release.tables[0])
    later = dict(files)
    later[path] = files[path].replace(b"accepted", b"rejected", 1)
    lines = files[table].split(b"\n")
    later[table] = b"\n".join([*lines[:1], *lines[2:]])
    found = {change.measure: change for change in changes(files, later, WORDS)}
    assert (found["Return"].old, found["Return"].new) == (("accepted", ""), ("rejected", ""))
    gone = next(change for change in changes(files, later, WORDS) if change.new is None)
    assert gone.old
