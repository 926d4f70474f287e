"""Drafts: a copy of the signed files with a banner and `noindex`, so that none passes for final.

The signed files carry neither, because their hashes are those of the day of publication. What
anybody looks at before that day is this copy; the signed files stay closed until then.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from publications.wording.format import moment

HEAD, BODY = b"</head>", b'<a class="skip-link" href="#main">Skip to main content</a>\n'
ROBOTS = b'<meta name="robots" content="noindex, nofollow">\n'
NOTICE = "DRAFT.txt"


def preview(files: Mapping[str, bytes], release_at: datetime) -> dict[str, bytes]:
    """Copy a release for readers of the draft: every page embargoed, and a notice beside them."""
    text = f"Draft. Embargoed until {moment(release_at)}, London time."
    copied = marked(files, f"{text} Do not share or quote.")
    copied[NOTICE] = f"{text} Do not share or quote these files.\n".encode()
    return dict(sorted(copied.items()))


def marked(files: Mapping[str, bytes], text: str) -> dict[str, bytes]:
    """Copy files with a text in a banner on every page, and keep search engines away."""
    return {
        path: _marked(content, text) if path.endswith(".html") else content
        for path, content in files.items()
    }


def _marked(page: bytes, text: str) -> bytes:
    banner = (
        '<section class="draft" aria-label="Draft"><div class="width">'
        f"<p>{text}</p></div></section>\n"
    ).encode()
    page = page.replace(HEAD, ROBOTS + HEAD, 1)
    return page.replace(BODY, BODY + banner, 1)
