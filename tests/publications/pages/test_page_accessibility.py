"""Every page can be read by everybody: structure, names, tables, charts, colours."""

from __future__ import annotations

import json
import re
from importlib.resources import files as package_files
from itertools import pairwise

import pytest

from tests.publications.html_page import contrast, name_of, page, rules

PAGES = [
    "index.html",
    "methodology.html",
    "quality.html",
    "disclosure-control.html",
    "calendar.html",
    "pre-release-access.html",
    "accessibility.html",
    "statistical-work-programme.html",
]
SITE = [
    "index.html",
    "2026-27Q2/index.html",
    "2026-27Q1/index.html",
    "2026-27Q1/corrections.html",
]
VAGUE = {"here", "click here", "link", "more", "read more", "download"}


@pytest.fixture(params=[*PAGES, *(pytest.param(f"site/{n}", marks=pytest.mark.slow) for n in SITE)])
def document(request, files):
    kind, _, name = request.param.partition("/")
    if kind == "site":
        return page(request.getfixturevalue("site")[name])
    return page(files[request.param])


def test_the_page_says_its_language_and_has_one_unique_title(files):
    titles = []
    for name in PAGES:
        document = page(files[name])
        assert document.get("lang") == "en"
        titles.append(document.findtext(".//title"))
    assert len(set(titles)) == len(titles)


def test_headings_start_at_one_and_skip_no_level(document):
    levels = [int(h.tag[1]) for h in document.iter("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_there_is_one_main_part_and_a_link_that_skips_to_it(document):
    assert [m.get("id") for m in document.iter("main")] == ["main"]
    assert next(document.iter("a")).get("href") == "#main"


def test_ids_are_unique_and_every_reference_leads_somewhere(document):
    ids = document.xpath("//@id")
    assert len(set(ids)) == len(ids)
    for name in ("aria-labelledby", "aria-describedby"):
        for value in document.xpath(f"//@{name}"):
            assert set(value.split()) <= set(ids)
    for target in document.xpath("//a/@href"):
        if target.startswith("#"):
            assert target[1:] in ids


def test_every_link_has_descriptive_text(document):
    for link in document.iter("a"):
        text = name_of(link)
        assert text
        assert text.lower() not in VAGUE
        assert "://" not in text


def test_every_table_has_a_caption_and_scoped_headings(document):
    for table in document.iter("table"):
        assert name_of(table.find("caption"))
        assert all(th.get("scope") in ("col", "row") for th in table.iter("th"))
        assert all(name_of(th) for th in table.iter("th"))
        widths = {len(row) for row in table.iter("tr")}
        assert len(widths) == 1
        for row in table.iterfind("tbody/tr"):
            assert row[0].tag == "th"


def test_wide_tables_can_be_reached_and_scrolled_with_the_keyboard(document):
    for table in document.iter("table"):
        frame = table.getparent()
        assert frame.get("tabindex") == "0"
        assert frame.get("role") == "region"
        assert frame.get("aria-labelledby")


def test_every_chart_has_a_title_a_description_a_table_and_a_file(files):
    document = page(files["index.html"])
    charts = document.xpath("//svg")
    assert len(charts) >= 3
    for chart in charts:
        assert chart.get("role") == "img"
        names = chart.get("aria-labelledby").split()
        assert [name_of(document.get_element_by_id(name)) for name in names]
        figure = next(chart.iterancestors("figure"))
        assert figure.find("figcaption") is not None
        assert figure.xpath(".//table/caption")
        for link in figure.xpath(".//a/@href"):
            assert link in files


def test_charts_label_in_near_black_only_and_in_type_of_fourteen_pixels_or_more(files):
    for path, content in files.items():
        if path.endswith(".svg"):
            text = content.decode()
            assert 'fill="#0b0c0c"' in text.split(">")[0]
            assert not re.search(r"<text[^>]* fill=", text)
            assert all(int(size) >= 14 for size in re.findall(r'font-size="(\d+)"', text))
            bars = set(re.findall(r'<rect[^>]*fill="(#\w+)"', text)) - {"#ffffff"}
            assert all(contrast(bar, "#ffffff") >= 3 for bar in bars)


def test_every_colour_of_text_stands_out_from_its_ground():
    sheet = package_files("publications").joinpath("templates/site.css").read_text()
    grounds = {"main": "#ffffff", "caption": "#ffffff"}
    pairs = []
    for selector, body in rules(sheet):
        colour = body.get("color", "")
        if not re.fullmatch(r"#[0-9a-f]{6}", colour):
            continue
        ground = body.get("background", "")
        if not re.fullmatch(r"#[0-9a-f]{6}", ground):
            ground = "#0b0c0c" if "site-name" in selector and colour == "#ffffff" else "#ffffff"
        if "focus" in selector:
            ground = "#ffdd00"
        pairs.append((selector, contrast(colour, grounds.get(selector, ground))))
    assert len(pairs) > 10
    assert not [(selector, value) for selector, value in pairs if value < 4.5]


def test_links_also_stand_out_on_the_grey_and_yellow_grounds():
    for ground in ("#f3f2f1", "#fff4d6"):
        for colour in ("#1a65a6", "#4c2c92", "#0b0c0c"):
            assert contrast(colour, ground) >= 4.5


def test_pages_need_no_script_and_fetch_nothing(document):
    kinds = {script.get("type") for script in document.iter("script")}
    assert kinds <= {"application/ld+json"}
    assert not document.xpath("//link[@rel='stylesheet'] | //img | //iframe | //object")
    sheet = document.findtext(".//style")
    assert "@font-face" not in sheet
    assert "@import" not in sheet


def test_pages_bear_no_crest_and_no_reserved_typeface(files):
    for name in PAGES:
        text = files[name].decode().lower()
        for word in ("gds transport", "crest", "gov.uk frontend", "royal arms"):
            assert word not in text


def test_local_links_lead_to_files_of_the_release(files):
    for name in PAGES:
        for target in page(files[name]).xpath("//a/@href"):
            if "://" not in target and not target.startswith(("#", "mailto:", "../")):
                assert target.split("#")[0] in files, (name, target)


def test_every_page_says_that_the_data_are_synthetic(document):
    banner = document.xpath("//section[@aria-label='Synthetic data']")
    assert len(banner) == 1
    assert "No figure made from them describes a real person" in name_of(banner[0])


@pytest.mark.slow
def test_titles_of_the_pages_of_the_site_are_unique(site):
    titles = [page(site[name]).findtext(".//title") for name in SITE]
    assert len(set(titles)) == len(titles)


def test_the_bulletin_describes_itself_to_search_engines(files):
    document = page(files["index.html"])
    dataset = json.loads(document.xpath("//script[@type='application/ld+json']/text()")[0])
    assert dataset["@type"] == "Dataset"
    assert dataset["temporalCoverage"] == "2025-04-01/2026-09-30"
    assert "datePublished" not in dataset
    assert all(d["contentUrl"] in files for d in dataset["distribution"])
    assert dataset["description"].startswith("Synthetic data")


def test_figures_of_excerpts_are_those_of_the_open_data(files):
    checked = 0
    for table in page(files["index.html"]).xpath("//table[@data-source]"):
        lines = [line.split(",") for line in files[table.get("data-source")].decode().split("\n")]
        for cell in table.xpath(".//td[@data-cell]"):
            row, column = map(int, cell.get("data-cell").split(","))
            raw = lines[row - 1]
            text = name_of(cell)
            if raw[column - 1].isdigit():
                assert text.startswith(f"{int(raw[column - 1]):,}")
                checked += 1
    assert checked > 100


def test_pre_release_access_says_that_there_is_no_record(files):
    text = name_of(page(files["pre-release-access.html"]).get_element_by_id("main"))
    assert "This system keeps no record of pre-release access." in text
    assert "granted" not in text
