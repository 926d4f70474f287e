"""Leaks planted between a release and those before it: each one is found."""

from tests.verification.drawn import (
    AREAS,
    BEFORE,
    CLAIMED,
    LATEST,
    SETTINGS,
    Drawn,
    times,
    withhold,
    world,
    write,
)
from verification import verify


def test_two_safe_quarters_raise_no_alarm(reported, tables):
    withhold(tables[21], BEFORE)
    assert reported(tables, world(BEFORE)) == []


def test_what_only_the_version_before_last_shows_is_reported(reported, tables):
    """The last version withholds the square as this one does; the one before it showed it."""
    withhold(tables[21], BEFORE)
    silent, telling = world(BEFORE), world(BEFORE)
    telling[21].put("GP_PRACTICE", "A3", BEFORE, SETTINGS, value=10)
    assert reported(tables, silent) == []
    found = reported(tables, silent, telling)
    assert any("[c], but the release of 2026-27Q1 shows 10." in message for message in found)
    assert found == reported(tables, telling)


def test_a_cell_that_the_release_before_shows_is_reported(reported, tables):
    before = world(BEFORE)
    withhold(tables[21], BEFORE)
    before[21].put("GP_PRACTICE", "A3", BEFORE, SETTINGS, value=10)
    found = reported(tables, before)
    assert found[0] == (
        "Table 21, GP surgery, Mersey, 2026-27 Q1, Settings: [c], "
        "but the release of 2026-27Q1 shows 10."
    )
    assert any("- 10 (GP surgery, release of 2026-27Q1) = 9." in words for words in found)


def test_a_cell_that_the_release_before_withholds_is_reported(reported, tables):
    found = reported(tables, world(BEFORE))
    assert len(found) == 4
    assert found[0] == (
        "Table 21, GP surgery, Mersey, 2026-27 Q1, Settings: 10, "
        "which the release of 2026-27Q1 withholds."
    )


def with_quarters(period, quarters, *withheld):
    """Claims by area and quarter, with the programme to date."""
    table = Drawn(24, "funding", {"delivery_area": AREAS, "quarter": times(*quarters)},
                  {CLAIMED: ("Funding claimed", "pounds")})  # fmt: skip
    single = {quarter: world(quarter)[24] for quarter in quarters}
    for area in AREAS:
        claims = [single[quarter].figures[area, CLAIMED][0] for quarter in quarters]
        for quarter, claim in zip(times(*quarters), [sum(claims), *claims], strict=True):
            table.figures[area, quarter, CLAIMED] = [claim, ""]
    table.withhold(*((*place, CLAIMED) for place in withheld))
    return {24: table}


def test_the_programme_to_date_less_that_of_the_release_before_gives_a_quarter(reported):
    square = [(area, quarter) for area in ("A3", "A4") for quarter in (BEFORE, LATEST)]
    now = with_quarters(LATEST, (BEFORE, LATEST), *square)
    assert reported(now) == []
    before = with_quarters(BEFORE, (BEFORE,), ("A3", BEFORE), ("A4", BEFORE))
    assert reported(now, before)[0::2] == [
        "Table 24, Mersey, 2026-27 Q1, Funding claimed: [c] can be calculated: "
        "254,012 (Programme to date, release of 2026-27Q1) = 254,012.",
        "Table 24, Mersey, 2026-27 Q2, Funding claimed: [c] can be calculated: "
        "515,943 (Programme to date) - 254,012 (2026-27 Q1) = 261,931.",
    ]


def test_figures_revised_since_the_release_before_are_counted_and_kept_apart(tmp_path, tables):
    before = world(BEFORE)
    withhold(tables[21], BEFORE)
    for area in ("K04000001", "W92000004", "W1"):
        for kind in ("total", "HOSPITAL"):
            before[21].figures[kind, area, BEFORE, SETTINGS][0] += 4
        before[22].figures[area, BEFORE, SETTINGS][0] += 4
    now, old = write(tmp_path / "now", tables), write(tmp_path / "old", before, period=BEFORE)
    verdict = verify(now, old)
    assert verdict.findings == ()
    assert "6 figures were revised since 2026-27Q1." in verdict.remarks


def test_releases_before_may_be_given_in_any_order(reported, tables, tmp_path):
    """Three quarters, of which each earlier one shows what the later ones withhold."""
    first, second, third = "2026-27Q1", "2026-27Q2", "2026-27Q3"
    now = with_quarters(third, (first, second, third), ("A3", first), ("A4", first))
    middle = with_quarters(second, (first, second), ("A3", first), ("A4", first))
    oldest = with_quarters(first, (first,))
    folders = [
        write(tmp_path / name, given, period=period)
        for name, given, period in (("c", now, third), ("b", middle, second), ("a", oldest, first))
    ]
    newest_first = verify(*folders)
    assert any("but the release of 2026-27Q1 shows" in f.message for f in newest_first.findings)
    assert verify(folders[0], *folders[:0:-1]) == newest_first


def test_a_revised_cell_that_is_withheld_is_taken_from_the_newest_release_that_shows_it(tmp_path):
    """Q1 of Mersey was 254,012, then revised to 255,000, and is now withheld: 255,000 counts."""
    first, second, third = "2026-27Q1", "2026-27Q2", "2026-27Q3"
    square = [(area, quarter) for area in ("A3", "A4") for quarter in (first, second)]
    now, middle = (
        with_quarters(third, (first, second, third)),
        with_quarters(second, (first, second)),
    )
    for release in (now, middle):
        for area in ("A3", "E12000002", "E92000001", "K04000001"):
            for quarter in (first, "total"):
                release[24].figures[area, quarter, CLAIMED][0] += 988
    now[24].withhold(*((*place, CLAIMED) for place in square))
    middle[24].withhold(*((*place, CLAIMED) for place in square[1:]))
    oldest = with_quarters(first, (first,))
    folders = [
        write(tmp_path / name, given, period=period)
        for name, given, period in (("c", now, third), ("b", middle, second), ("a", oldest, first))
    ]
    for order in (folders[1:], folders[:0:-1]):
        messages = [f.message for f in verify(folders[0], *order).findings]
        worked_out = [message for message in messages if "can be calculated" in message]
        assert any(
            message.endswith("- 255,000 (2026-27 Q1, release of 2026-27Q2) = 261,931.")
            for message in worked_out
        )
        assert not any("254,012" in message for message in worked_out)


def test_what_all_releases_leave_narrow_is_counted_apart(tmp_path):
    """Under a certificate narrow cells are a remark: of this release, and of all together."""
    few = {("GP_PRACTICE", "A1", LATEST): 1, ("PCN", "A1", LATEST): 0}
    tables = world(settings=few)
    before = world(BEFORE)
    withhold(tables[21], areas=("A1", "A2"))
    withhold(tables[21], BEFORE)
    now = write(tmp_path / "now", tables, proved="interval")
    old = write(tmp_path / "old", before, period=BEFORE, proved="interval")
    verdict = verify(now, old)
    assert verdict.findings == ()
    alone, together = [message for message in verdict.remarks if "lie in a narrow range" in message]
    assert alone.startswith("4 withheld cells lie in a narrow range.")
    assert together.startswith("4 withheld cells of all releases together lie in a narrow range.")


def test_sums_of_all_releases_that_contradict_each_other_are_counted_apart(tmp_path, tables):
    shown = tables[21].figures["PCN", "E12000002", LATEST, SETTINGS][0]
    tables[21].put("PCN", "E12000002", LATEST, SETTINGS, value=shown + 1)
    before = world(BEFORE)
    withhold(tables[21], BEFORE)
    now, old = write(tmp_path / "now", tables), write(tmp_path / "old", before, period=BEFORE)
    remarks = verify(now, old).remarks
    assert "4 sums contradict each other: not attacked." in remarks
    assert "4 sums of all releases together contradict each other: not attacked." in remarks
