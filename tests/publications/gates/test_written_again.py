"""Where a file differs from what is written again from the data, and what should stand there."""

from __future__ import annotations

import pytest

from publications.gates.unpacking import unpacked
from schemas.opendocument import packed
from tests.publications.gates.finished import problems_of, with_text

GATE, FILE = "written_again", "statistical-work-programme.md"
AS_MADE = (
    "Build the release again, or check it with the version of the code that its manifest names."
)


def only(problems):
    (problem,) = problems
    assert problem.endswith(f" {AS_MADE}")
    return problem.removesuffix(f" {AS_MADE}")


def edited_lines(files, edit):
    lines = files[FILE].decode().split("\n")
    edit(lines)
    return {**files, FILE: "\n".join(lines).encode()}


@pytest.mark.parametrize("place", [0, 3, 5])
def test_the_first_line_that_differs_is_named_with_what_should_stand_there(release, files, place):
    true = files[FILE].decode().split("\n")[place]

    def edit(lines):
        lines[place] = f"X{lines[place]}"
        lines[-2] = "The second fault is not reported."

    problem = only(problems_of(GATE, release, edited_lines(files, edit)))
    where = f"{FILE} differs from the data behind it in line {place + 1}"
    assert problem.startswith(where)
    assert (f", which should read {true[:30]!r}." if true else f"line {place + 1}.") in problem


def test_a_line_too_many_at_the_end_should_not_be_there(release, files):
    count = len(files[FILE].decode().split("\n"))
    problem = only(
        problems_of(GATE, release, edited_lines(files, lambda lines: lines.append("More.")))
    )
    where = f"{FILE} differs from the data behind it in line {count + 1}"
    assert problem == f"{where}, which should not be there."


def test_a_line_that_is_missing_at_the_end_is_said(release, files):
    lines = files[FILE].decode().split("\n")
    assert lines[-1] == ""
    problem = only(problems_of(GATE, release, edited_lines(files, lambda lines: lines.pop())))
    assert problem == f"{FILE} differs from the data behind it in line {len(lines)}."


def test_a_long_line_is_shown_around_the_place_that_differs(release, files):
    lines = files[FILE].decode().split("\n")
    place = max(range(len(lines)), key=lambda number: len(lines[number]))
    true = lines[place]
    middle = len(true) // 2

    def edit(lines):
        lines[place] = f"{true[:middle]}\x00{true[middle + 1 :]}"

    problem = only(problems_of(GATE, release, edited_lines(files, edit)))
    assert f"which should read {true[middle - 30 : middle + 30]!r}." in problem


@pytest.mark.parametrize("found", [b"", b"\n", b"\xff\xfe", b"AB123456C"])
def test_whatever_stands_in_a_file_is_not_repeated(release, files, found):
    first = files[FILE].split(b"\n")[0].decode()
    problem = only(problems_of(GATE, release, {**files, FILE: found}))
    assert problem.startswith(f"{FILE} differs from the data behind it in line 1, which should ")
    assert first[:10] in problem
    assert "AB123456C" not in problem


def test_every_file_that_differs_is_named_once_in_order(release, files):
    edited = with_text(with_text(files, "quality.html", "e", "E"), "accessibility.html", "e", "E")
    problems = problems_of(GATE, release, edited)
    assert [problem.split(" ")[0] for problem in problems] == ["accessibility.html", "quality.html"]


@pytest.mark.parametrize("path", ["index.html", "data/codes.csv", "manifest.json", "SHA256SUMS"])
def test_a_file_that_is_missing_is_named(release, files, path):
    rest = {name: files[name] for name in files if name != path}
    problems = problems_of(GATE, release, rest)
    assert f"{path} is missing." in problems


@pytest.mark.parametrize("path", ["index.htm", "data/more.csv", "charts/figure-9.svg", ".hidden"])
def test_a_file_that_no_release_has_is_named(release, files, path):
    assert problems_of(GATE, release, {**files, path: b""}) == [f"{path} is no file of a release."]


# ---- the spreadsheet, part by part ----


def with_parts(files, edit):
    """The files with the parts of the spreadsheet edited and packed again."""
    path = next(path for path in files if path.endswith(".ods"))
    parts = dict(unpacked(files[path]))
    changed = edit(parts) or parts
    return path, {**files, path: packed(changed, stored=("mimetype",))}


@pytest.mark.parametrize("part", ["meta.xml", "styles.xml", "content.xml", "mimetype"])
def test_the_part_of_a_spreadsheet_that_differs_is_named(release, files, part):
    path, edited = with_parts(files, lambda parts: parts.update({part: b"X" + parts[part]}))
    problem = only(problems_of(GATE, release, edited))
    assert problem.startswith(f"{path} ({part}) differs from the data behind it in line 1, which ")


PARTS = {
    "one too many": lambda parts: parts.update({"more.xml": b"<a/>"}),
    "one missing": lambda parts: parts.pop("styles.xml") and None,
    "in another order": lambda parts: dict(reversed(parts.items())),
}


@pytest.mark.parametrize("what", PARTS)
def test_a_spreadsheet_of_other_parts_is_refused(release, files, what):
    path, edited = with_parts(files, PARTS[what])
    parts = ", ".join(unpacked(files[path]))
    assert only(problems_of(GATE, release, edited)) == f"{path} has other parts than {parts}."


def test_a_spreadsheet_that_is_packed_otherwise_but_holds_the_same_passes(release, files):
    path, edited = with_parts(files, lambda parts: None)
    assert edited[path] == files[path]
    stored = packed(unpacked(files[path]), stored=tuple(unpacked(files[path])))
    assert stored != files[path]
    assert problems_of(GATE, release, {**files, path: stored}) == []
