"""Leaks planted by rates and shares: each one is found."""

from tests.verification.drawn import CLAIMED, Drawn


def test_a_rate_whose_part_is_withheld_gives_it_back(reported, tables):
    withheld = [("A3", CLAIMED), ("A4", CLAIMED)]
    tables[24].withhold(*withheld)
    assert reported(tables) == [
        "Table 24, Mersey, Funding claimed per start: 874 is shown though Funding claimed is "
        "withheld: 874 x 590 is about 515,660.",
        "Table 24, Ribble, Funding claimed per start: 1,260 is shown though Funding claimed is "
        "withheld: 1,260 x 735 is about 926,100.",
    ]


def test_a_rate_whose_denominator_is_withheld_gives_it_back(reported, tables):
    for table in (tables[24], tables[6]):
        table.withhold(*(p for p in table.figures if p[0] in ("A3", "A4") and p[-1] == "starts"))
    assert any("withheld: 515,943 / 874 is about 590." in words for words in reported(tables))


def test_a_rate_of_true_counts_gives_them_back(reported, tables):
    tables[24].put("A3", "claimed_per_start", value=round(515_943 / 587))
    assert reported(tables) == [
        "Table 24, Mersey, Funding claimed per start: 879 does not follow from 515,943 and 590, "
        "so it gives back the true Starts: 587."
    ]


def rated(rates, unit="per cent", label="Women"):
    """Starts of areas, women among them, and a share of one in the other."""
    measures = {
        "starts": ("Starts", "people"),
        "women": ("Starts of women", "people"),
        "women_percent": (label, unit),
    }
    areas = {f"R{i}": (f"Region {i}", "Category") for i in range(len(rates))}
    dimensions = {"region": {"total": ("All", "Total"), **areas}}
    made = {"women_percent": ("women", "starts", 100, 1)}
    table = Drawn(3, "women", dimensions, measures, rates=made)
    for i, rate in enumerate([40.0, *rates]):
        code = f"R{i - 1}" if i else "total"
        table.figures[code, "starts"] = [200, ""]
        table.figures[code, "women"] = [80, ""]
        table.figures[code, "women_percent"] = [rate, ""]
    return {3: table}


def shares(reported, rates):
    return [words for words in reported(rated(rates)) if "Women" in words]


def test_a_share_that_follows_from_published_figures_is_safe(reported):
    assert shares(reported, [40.0] * 5) == []


def test_a_share_of_true_counts_gives_a_range_back(reported):
    assert shares(reported, [40.0] * 19 + [38.5]) == [
        "Table 3, Region 19, Women: 38.5 does not follow from 8,000 and 200, "
        "so it gives back the true Starts: 208."
    ]


def test_a_share_of_no_published_figures_is_reported(reported):
    assert shares(reported, [40.0] * 19 + [77.5]) == [
        "Table 3, Region 19, Women: 77.5 does not follow from 8,000 and 200, "
        "so it was made of figures that are not published."
    ]


def test_a_share_of_a_withheld_part_names_the_hundred(reported):
    tables = rated([40.0] * 19)
    tables[3].withhold(("R3", "women"))
    assert (
        "Table 3, Region 3, Women: 40 is shown though Starts of women is withheld: "
        "40 x 200 (100 times) is about 80."
    ) in reported(tables)


def test_a_rate_of_nothing_or_withheld_is_no_fact(reported):
    tables = rated([40.0] * 19)
    for code in ("R1", "R2"):
        tables[3].withhold((code, "women_percent"))
    tables[3].put("R3", "women", value=0)
    tables[3].put("R3", "women_percent", value=0)
    assert shares(reported, [40.0] * 3) == []
    assert [words for words in reported(tables) if "Women" in words] == []
