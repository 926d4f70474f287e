"""Faults of what a manifest says: each in a version of a pack of its own."""

# ruff: noqa: E501 - one line per fault

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipelines.synthetic.draft import Draft
from pipelines.synthetic.faults.declared import Make, PlantedPackFault
from pipelines.synthetic.faults.of_fields import IN_PLACE, NINO, RETURNS, wrong_cell
from schemas.quarter import Quarter
from schemas.returns import rules

Manifest = dict[str, Any]
# What a manifest with a wrong field breaks as a consequence: the pack is refused.
INCOMPLETE = "pack.manifest_is_complete"
_ALSO = {
    "template_id": ("pack.template_is_known",),
    "template_version": ("pack.template_is_current",),
    "period_id": ("pack.period_exists", "pack.name_agrees_with_manifest"),
    "delivery_area_code": ("pack.name_agrees_with_manifest",),
    "submission_sequence": ("pack.name_agrees_with_manifest",),
}
_OF_FILES = (
    INCOMPLETE,
    "pack.hash_agrees_with_manifest",
    "pack.row_count_agrees_with_manifest",
)


def manifest_with(edit: Callable[[Manifest], Manifest]) -> Make:
    """Return what writes a pack with another manifest, under the name that it had."""
    return lambda draft, out: replace(draft, manifest=edit(draft.manifest)).write(out)


def values(**changes: object) -> Make:
    """Return what writes a pack with other values in its manifest."""
    return manifest_with(lambda manifest: {**manifest, **changes})


def manifest_faults() -> Iterator[PlantedPackFault]:
    """List a fault for each rule of the manifest, its list of files and of organisations."""
    for file, rule in _field_rules("manifest"):
        name, judged = rule.split(".")
        cell = {name: wrong_cell(RETURNS[file].field(name), judged)}
        keeps = name == "notes"
        also = (f"{file}.{name}.is_valid", *_ALSO.get(name, ()), *_personal(file, name))
        then = () if keeps else (INCOMPLETE, *also)
        yield PlantedPackFault(f"{name}: {judged}", (f"{file}.{rule}",), values(**cell), then)
    for file, rule in _field_rules("manifest_files"):
        name, judged = rule.split(".")
        cell = {name: wrong_cell(RETURNS[file].field(name), judged)}
        make = manifest_with(lambda m, cell=cell: _first_file(m, cell))  # type: ignore[misc]
        yield PlantedPackFault(
            f"file {name}: {judged}",
            (f"{file}.{rule}",),
            make,
            (*_OF_FILES, f"{file}.{name}.is_valid"),
        )
    for file, rule in _field_rules("organisations"):
        name, judged = rule.split(".")
        cell = {name: wrong_cell(RETURNS[file].field(name), judged)}
        make = manifest_with(lambda m, cell=cell: _one_more(m, cell))  # type: ignore[misc]
        then = (f"{file}.{name}.is_valid",)
        yield PlantedPackFault(f"organisation {name}: {judged}", (f"{file}.{rule}",), make, then)
    yield from BY_HAND


def _field_rules(file: str) -> Iterator[tuple[str, str]]:
    """List the rules that the fields of a return bring, without those declared by hand."""
    return ((file, rule.id) for rule in rules(RETURNS[file]) if "." in rule.id)


def _personal(file: str, name: str) -> Iterator[str]:
    """List the rules on personal data in a field: what breaks one of them can break another."""
    for _, rule in _field_rules(file):
        if rule.startswith(f"{name}.") and rule.partition(".")[2] in IN_PLACE:
            yield f"{file}.{rule}"


def _first_file(manifest: Manifest, cell: Manifest) -> Manifest:
    first, *others = manifest["files"]
    return {**manifest, "files": [{**first, **cell}, *others]}


def _one_more(manifest: Manifest, cell: Manifest) -> Manifest:
    one = {
        "delivery_org_code": "ORG-77",
        "organisation_kind": "VOLUNTARY",
        "national_identifier": "CHARITY-0000077",
    }
    return {**manifest, "organisations": [*manifest["organisations"], {**one, **cell}]}


def _twice(manifest: Manifest) -> Manifest:
    listed = manifest["organisations"]
    return {**manifest, "organisations": [*listed, listed[0]]}


def _period(find: Callable[[Quarter], Quarter]) -> Make:
    def edit(manifest: Manifest) -> Manifest:
        return {**manifest, "period_id": find(Quarter.parse(manifest["period_id"])).id}

    return manifest_with(edit)


def _waiting(draft: Draft, out: Path) -> Path:
    """Send a pack for the quarter that comes next, under its right name."""
    later = Quarter.parse(draft.manifest["period_id"]).next.id
    name = draft.name.replace(draft.manifest["period_id"], later)
    return replace(draft, name=name, manifest={**draft.manifest, "period_id": later}).write(out)


def _wrong_counts(manifest: Manifest) -> Manifest:
    listed = [{**entry, "rows": entry["rows"] + 5} for entry in manifest["files"]]
    return {**manifest, "files": listed}


def _misnamed(draft: Draft, out: Path) -> Path:
    return replace(draft, name=f"Return of {draft.name[4:8]}").write(out)


def _numbered_far(draft: Draft, out: Path) -> Path:
    """Send a pack under the last number that there is, as after a slip of the key."""
    return draft.again(submission_sequence=99).write(out)


_NAMED = ("pack.name_agrees_with_manifest",)
BY_HAND = (
    PlantedPackFault("corrected pack", (), values(notes="Sent again")),
    PlantedPackFault("field missing", (INCOMPLETE,), values(prepared_at=None), ("manifest.prepared_at.is_given",)),
    PlantedPackFault("another template", ("pack.template_is_known",), values(template_id="other-return")),
    PlantedPackFault("old template", ("pack.template_is_current",), values(template_version="0.9.0")),
    PlantedPackFault("name of no pack", ("pack.name_has_the_form_of_a_pack",), _misnamed),
    PlantedPackFault("another area in the name", _NAMED, values(submission_sequence=98)),
    PlantedPackFault("number that leaves none", ("pack.sequence_is_near",), _numbered_far),
    PlantedPackFault("quarter that comes next", ("pack.period_has_ended",), _period(lambda q: q.next), _NAMED),
    PlantedPackFault("quarter before", ("pack.period_is_the_one_collected",), _period(lambda q: q.previous), _NAMED),
    PlantedPackFault("quarter that there is not", ("pack.period_exists",), values(period_id="2025-27Q1"), _NAMED),
    PlantedPackFault("early for the next quarter", ("pack.pack_waits_for_its_quarter",), _waiting),
    PlantedPackFault("wrong number of rows", ("pack.row_count_agrees_with_manifest",), manifest_with(_wrong_counts)),
    PlantedPackFault("nil return with rows", ("pack.nil_return_has_no_rows",), values(nil_return=True)),
    PlantedPackFault("made long after it came", ("pack.pack_is_prepared_before_it_comes",), values(prepared_at="2099-01-01T09:00:00+00:00")),
    PlantedPackFault("not checked for personal data", ("manifest.data_protection_is_checked",), values(data_protection_checked=False)),
    PlantedPackFault("field that the template has not", ("pack.manifest_has_known_fields",), values(colour="blue")),
    PlantedPackFault("person in such a field", ("pack.manifest_holds_no_personal_data",), values(**{f"favourite {NINO}": "yes"}), ("pack.manifest_has_known_fields",)),
    PlantedPackFault("person in a list of the manifest", ("pack.manifest_holds_no_personal_data",), manifest_with(lambda m: _one_more(m, {"contact": {"who": "Mrs Gwen Example"}})), ("pack.manifest_has_known_fields",)),
    PlantedPackFault("organisation listed twice", ("organisations.is_listed_once",), manifest_with(_twice)),
)  # fmt: skip
