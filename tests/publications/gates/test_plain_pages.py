"""A page with a script, a style or an attribute that changes what it shows is found."""

from __future__ import annotations

import pytest

from publications.data.manifest import sealed
from publications.gates.screener import GATES, screen_files
from tests.publications.gates.finished import problems_of

GATE = "pages_are_plain"

ADDED = {
    "a script": ("</main>", "<script>document.title = 9</script></main>"),
    "a script from elsewhere": ("</main>", '<script src="x.js"></script></main>'),
    "a style": ("</head>", "<style>data::after { content: '9' }</style></head>"),
    "a style sheet": ("</head>", '<link rel="stylesheet" href="x.css"></head>'),
    "an attribute that runs": ("<body", '<body onload="go()"'),
    "a hidden banner": ("<section", "<section hidden"),
    "a styled element": ("<main", '<main style="display: none"'),
    "a frame": ("</main>", "<iframe></iframe></main>"),
    "the foot of a table": ("</tbody>", "<tfoot><tr><td></td></tr></tfoot></tbody>"),
}


@pytest.mark.parametrize("where", ADDED)
def test_what_changes_a_page_for_its_readers_is_found(release, files, where):
    old, new = ADDED[where]
    page = files["quality.html"].decode()
    assert old in page
    altered = {**files, "quality.html": page.replace(old, new, 1).encode()}
    rest = {path: altered[path] for path in altered if path not in ("manifest.json", "SHA256SUMS")}
    altered |= sealed(release, rest)
    assert problems_of(GATE, release, altered)
    assert screen_files(altered, {GATE: GATES[GATE]})


def test_the_pages_of_a_release_are_plain(release, files):
    assert problems_of(GATE, release, files) == []
