"""What a pack holds that no field of the template declares, searched for personal data.

Declared fields are searched by rules of their own (`schemas.returns.rule_list.field_rules`). The
one list of everything else that is read stands in `undeclared_texts`. What a text says is never
shown: the sender is told where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import polars as pl

from pipelines.returns.errors import Fault
from pipelines.returns.readers import READERS, Reader
from pipelines.returns.readers.layout import MOST_LISTED
from pipelines.returns.readers.manifests import MANIFEST
from pipelines.returns.readers.parts import AUTHOR
from schemas.personal import looks_personal
from schemas.returns import Pack, Return
from schemas.returns.pack import COVER_FILES
from schemas.texts import counted

Placed = tuple[str, str]
"""Where a text stands, in words of ours, and the text."""


def undeclared_texts(
    files: Mapping[str, bytes], reader: Reader, pack: Pack, sent_as: Collection[str]
) -> Iterator[Placed]:
    """Yield every text beside the fields of a pack; `sent_as` has the names that files came with.

    These are names of files and folders that are not the template's, and whatever the reader of the
    format sees in its files beside rows: see `Reader.beside`.
    """
    known = {MANIFEST, *COVER_FILES, *(name for each in READERS for name in each.files(pack))}
    for name in sorted(sent_as):
        if name.lower() not in known:
            yield from _as_name("the name of a file that the template does not have", name)
    for place, text in reader.beside(files, pack):
        yield from _as_name(place, text) if "name" in place else ((place, text),)


def on_texts(texts: Iterable[Placed]) -> tuple[Fault, ...]:
    """Ask about the places where something looks personal; nothing when none does.

    Programs write the author of a workbook by themselves, so that one is only noted.
    """
    found = _personal(texts)
    places = [place for place in found if place != AUTHOR]
    noted = (Fault("workbook_names_no_author"),) if AUTHOR in found else ()
    if not places:
        return noted
    shown = "; ".join(places[:MOST_LISTED])
    rest = len(places) - MOST_LISTED
    more = f"; and {counted(rest, 'more place', 'more places')}" if rest > 0 else ""
    return (*noted, Fault("pack_holds_no_personal_data", found=f"It stands in: {shown}{more}."))


def on_manifest(manifest: Mapping[str, Any], pack: Pack) -> tuple[Fault, ...]:
    """Note fields that the template does not have, and ask about those that look personal."""
    others = list(_other_fields(manifest, pack))
    if not others:
        return ()
    more = Fault(
        "manifest_has_known_fields",
        found=f"It has {counted(len(others), 'such field', 'such fields')}.",
    )
    written = [text for name, held in others for text in (name, *_texts(held))]
    if _personal(each for text in written for each in _as_name("", text)):
        return (more, Fault("manifest_holds_no_personal_data"))
    return (more,)


def _other_fields(manifest: Mapping[str, Any], pack: Pack) -> Iterator[tuple[str, object]]:
    """Yield the fields of a manifest, and of the entries of its lists, that nobody declared."""
    lists = {"files": pack.manifest_files, pack.organisations.name: pack.organisations}
    for name, held in manifest.items():
        if name in lists:
            yield from _in_list(held, lists[name])
        elif name not in pack.manifest.names:
            yield name, held


def _in_list(held: object, declared: Return) -> Iterator[tuple[str, object]]:
    """Yield what a list of the manifest holds beside the fields of its entries."""
    for entry in held if isinstance(held, list) else [held]:
        if not isinstance(entry, dict):
            yield "", entry
            continue
        yield from (
            (name, value)
            for name, value in entry.items()
            if name not in declared.names and (name or value is not None)
        )


def _texts(held: object) -> list[str]:
    """Return every text in a value of JSON, however deep."""
    if isinstance(held, dict):
        return [text for name, value in held.items() for text in (str(name), *_texts(value))]
    if isinstance(held, list):
        return [text for value in held for text in _texts(value)]
    return [str(held)]


def _as_name(place: str, text: str) -> Iterator[Placed]:
    """Yield a name as it stands, and as words: Gwen_Pritchard.csv is Gwen Pritchard csv."""
    yield place, text
    yield place, re.sub(r"[\W\d_]+", " ", text)


def _personal(texts: Iterable[Placed]) -> list[str]:
    """Return the places of the texts that look personal, each once, in order."""
    placed = list(texts)
    # JSON can hold half of a surrogate pair, which is no character.
    written = pl.Series(
        [text.encode("utf-8", "replace").decode() for _, text in placed], dtype=pl.String
    )
    if written.is_empty():
        return []
    found = pl.select(looks_personal(pl.lit(written))).to_series()
    return list(
        dict.fromkeys(place for (place, _), is_so in zip(placed, found, strict=True) if is_so)
    )
