"""The forms in which people decide, and links that open the launchpad with a form filled."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import dagster as dg
from pydantic import Field

from assets.runs import PARTITION
from operations.releases.choice import NamedVersion
from schemas.severity import MEANINGS

LOCATION = "connect_to_work"
WIDTH = 84


class Approval(dg.Config):
    """Who approves the release, in which role, and with what note."""

    manifest: str = Field(
        description=(
            "The manifest that was read, by the first 12 characters of its hash or more; the "
            "build shows it, and so does ctw status"
        )
    )
    name: str = Field(description="The person who approves, by name")
    role: str = Field(description="The role in which they approve, such as Head of Profession")
    note: str = Field(default="", description="What was checked, in a sentence")
    reason: str = Field(
        default="",
        description="For a version that corrects a published one: why, in words for the public",
    )


class Landing(dg.Config):
    """Where the packs are dropped, and whether this is a trial."""

    folder: str = Field(
        default="", description="The folder of the packs; empty for the landing folder of the home"
    )
    allow_unknown_code: bool = Field(
        default=False,
        description=(
            "For a trial: build also when nobody can say which code this is, as it is not known or "
            "has changes that are not committed"
        ),
    )


class VersionChoice(dg.Config):
    """Which version to publish; the newest when nothing is named."""

    version: int = Field(
        default=0,
        description="The number of a signed version, when a newer one is not signed off; 0: newest",
    )
    manifest: str = Field(
        default="",
        description="The same by its manifest: the first 12 characters of its hash or more",
    )

    def named(self) -> NamedVersion:
        """Return what is named."""
        return NamedVersion(self.version or None, self.manifest)


class Correct(dg.Config):
    """Why the public version is to be corrected, how grave that is, and who asks for it."""

    reason: str = Field(description="Why it is corrected, in words for the public")
    severity: str = Field(description=MEANINGS)
    name: str = Field(description="The person who asks for the correction, by name")
    role: str = Field(description="The role in which they ask, such as Head of Profession")
    landing: str = Field(
        default="", description="The folder of the packs; empty for the landing folder of the home"
    )


class KnownWrong(dg.Config):
    """Why figures of the public version are wrong, for the record, and who answers for that."""

    reason: str = Field(
        description="What is wrong and why, for the record and this run: no page for readers has it"
    )
    name: str = Field(description="The person who answers for the notice, by name")
    role: str = Field(description="The role in which they do, such as Head of Profession")


class Explained(dg.Config):
    """Explanations of areas and checks by their short names, and who gives them."""

    name: str = Field(description="The person who explains, by name")
    role: str = Field(description="The role in which they explain, such as Statistician")
    because: dict[str, str] = Field(
        description=(
            "What is explained, such as CTW-EN01 or on_time_percent, and the explanation in words "
            "for the public; sign-off and ctw explain list the short names"
        ),
    )


class Treat(dg.Config):
    """How missing returns are treated, who chose it and why."""

    method: str = Field(
        description=(
            "leave_out ([x], totals marked [i]), carry_forward (the last return of the area again, "
            "[e]) or estimate (the same, changed by the growth of the other areas, [e])"
        )
    )
    reason: str = Field(description="Why, in words for the public")
    name: str = Field(description="The person who chooses, by name")
    role: str = Field(description="Their role: this is for the Head of Profession to choose")


class Waive(dg.Config):
    """Which questions to which area are accepted, until when, why and by whom."""

    rule: str = Field(
        description="The rule that asks, as the report to the area names it: the desk has them"
    )
    area: str = Field(description="The code of the delivery area, such as CTW-EN01")
    until: str = Field(
        description="The last quarter for which they are accepted, such as 2026-27Q2"
    )
    reason: str = Field(description="Why no answer is needed, without details of any person")
    name: str = Field(description="The person who accepts them, by name")
    role: str = Field(description="The role in which they do, such as Statistician")


class FeedBack(dg.Config):
    """To whom feedback is written."""

    area: str = Field(
        default="", description="The code of one delivery area, such as CTW-EN01; empty for all"
    )


def form_link(
    job: str, step: str, form: type[dg.Config], partition: str, given: Mapping[str, Any]
) -> dg.MarkdownMetadataValue:
    """Return a link to the form of a step; `given` and every default are filled in."""
    return dg.MetadataValue.md(f"[Open the form]({form_page(job, step, form, partition, given)})")


def form_page(
    job: str, step: str, form: type[dg.Config], partition: str, given: Mapping[str, Any]
) -> str:
    """Return the path of the page that `form_link` leads to.

    A field that has to be filled in stands there without a value: until it has one, Dagster does
    not launch the run.
    """
    tags = {"tags[0][key]": PARTITION, "tags[0][value]": partition}
    asked = {"mode": "default", "config": form_text(step, form, given), **tags}
    return f"/locations/{LOCATION}/jobs/{job}/playground/setup?{urlencode(asked)}"


def form_text(step: str, form: type[dg.Config], given: Mapping[str, Any]) -> str:
    """Return the config of a step as YAML: each field below its description."""
    lines = ["ops:", f"  {step}:", "    config:"]
    for name, field in form.model_fields.items():
        lines += [f"      # {line}" for line in textwrap.wrap(field.description or name, WIDTH)]
        value = given.get(name, None if field.is_required() else field.get_default())
        lines += _field(name, value)
    return "\n".join([*lines, ""])


def _field(name: str, value: Any) -> list[str]:
    """Return the lines of a field; a mapping has a line for each of its own."""
    if isinstance(value, Mapping) and value:
        inner = (f"        {key}: {_scalar(one)}".rstrip() for key, one in value.items())
        return [f"      {name}:", *inner]
    return [f"      {name}: {_scalar(value)}".rstrip()]


def _scalar(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False)
