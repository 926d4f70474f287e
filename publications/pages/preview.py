"""Drafts: a copy of the signed files with a banner and `noindex`, so none is taken for final.

The signed files carry neither, because their hashes are those of the day of publication. What
anybody looks at before that day is this copy; the signed files stay closed until then.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from publications.wording.format import moment
from publications.words import Words

HEAD, SKIP = b"</head>", re.compile(rb'<a class="skip-link"[^>]*>[^<]*</a>\n')
ROBOTS = b'<meta name="robots" content="noindex, nofollow">\n'
NOTICE = "DRAFT.txt"


def preview(
    files: Mapping[str, bytes], release_at: datetime, words: Words, *, overdue: bool = False
) -> dict[str, bytes]:
    """Copy a release for readers of the draft: a banner on every page, and a notice beside them.

    It says until when the draft is under embargo or, when it is `overdue`, that this time is past.
    """
    text = "preview.overdue" if overdue else "preview.draft"
    draft = words.say(text, moment=moment(release_at, words))
    copied = marked(files, words.say("preview.pages", draft=draft), words)
    copied[NOTICE] = f"{words.say('preview.notice', draft=draft)}\n".encode()
    return dict(sorted(copied.items()))


def marked(files: Mapping[str, bytes], text: str, words: Words) -> dict[str, bytes]:
    """Copy files with a text in a banner on every page, and keep search engines away.

    A page that has the text already says it once. The notice of a draft says it too.
    """
    return {
        path: _marked(content, text, words) if path.endswith(".html") else content
        for path, content in files.items()
    } | {path: content + f"{text}\n".encode() for path, content in files.items() if path == NOTICE}


def _marked(page: bytes, text: str, words: Words) -> bytes:
    banner = (
        f'<section class="draft" aria-label="{words.say("preview.label")}"><div class="width">'
        f"<p>{text}</p></div></section>\n"
    ).encode()
    page = page.replace(HEAD, ROBOTS + HEAD, 1)
    if text.encode() in page:
        return page
    return SKIP.sub(lambda skip: skip[0] + banner, page, count=1)
