"""How a person does in the UI what a message tells them to do with `ctw`: one table for both."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import dagster as dg

from assets.forms import (
    Approval,
    Correct,
    Explained,
    FeedBack,
    KnownWrong,
    Landing,
    Treat,
    VersionChoice,
    Waive,
    form_page,
)
from assets.runs import BUILD, CORRECT, EXPLAIN, FEED_BACK, KNOWN_WRONG, PUBLISH, SIGN, TREAT, WAIVE
from schemas.quarter import Quarter

FORM = "form"
"""The name of the metadata with which a refusal leads to a form."""
HERE = "In the UI: "
"""How the line of a message begins that is for people in the UI."""
NO_FORM = "{command} has no form here, ask somebody who runs commands of the service"
OTHERS: Mapping[str, str] = {
    "status": "the desk shows what ctw status does",
    **{
        name: NO_FORM.format(command=f"ctw {name}")
        for name in (
            "adopt-records",
            "backup",
            "purge",
            "records",
            "rehearse",
            "restore",
            "rotate-key",
            "verify",
        )
    },
}
"""What to say of a command that no job stands for."""
COMMAND = re.compile(
    r"\bctw (?P<name>[a-z]+(?:-[a-z]+)*)"
    r"(?: (?P<quarter>\d{4}-\d{2}Q[1-4])| QUARTER)?"
    r"(?P<options>(?: --[a-z-]+(?: (?!--)[^\s.,;:)]+)?)*)"
)
OPTION = re.compile(r"--(?P<name>[a-z-]+)(?: (?P<value>[^\s-]\S*))?")
VALUE = re.compile(r"[0-9a-z_]+")
"""A value in a message, and no word that stands for one, such as `NAME`."""


@dataclass(frozen=True)
class Way:
    """The job that does what a command does, and the form of its step."""

    job: str
    step: str
    form: type[dg.Config]

    def said(self, given: Mapping[str, Any]) -> str:
        """Name the job, and the fields that have to be filled in or that are `given`."""
        fields = [
            name
            for name, field in self.form.model_fields.items()
            if field.is_required() or name in given
        ]
        return f"Jobs > {self.job}" + (f" (fill in {', '.join(fields)})" if fields else "")

    def page(self, quarter: Quarter, given: Mapping[str, Any]) -> str:
        """Return the path of the form for a quarter, with what is `given` filled in."""
        return form_page(self.job, self.step, self.form, quarter.start.isoformat(), given)


WAYS: Mapping[str, Way] = {
    "build": Way(BUILD, "returns__received", Landing),
    "sign-off": Way(SIGN, "publications__sign_off", Approval),
    "publish": Way(PUBLISH, "publications__site", VersionChoice),
    "explain": Way(EXPLAIN, "publications__explanations", Explained),
    "treat": Way(TREAT, "publications__treatment", Treat),
    "waive": Way(WAIVE, "returns__waiver", Waive),
    "feedback": Way(FEED_BACK, "returns__feedback", FeedBack),
    "correct": Way(CORRECT, "publications__correction", Correct),
    "known-wrong": Way(KNOWN_WRONG, "publications__known_errors", KnownWrong),
}
"""The job of each command that has one."""


def page_of(command: str, quarter: Quarter, given: Mapping[str, Any]) -> str:
    """Return the path of the form that does what a command does; see `Way.page`."""
    return WAYS[command].page(quarter, given)


@cache
def way_of(job: str) -> Way | None:
    """Return the way of a job; None for one that no command stands for."""
    return next((way for way in WAYS.values() if way.job == job), None)


@dataclass(frozen=True)
class NamedCommand:
    """A command that a message names, with the quarter and the values that it gives."""

    name: str
    quarter: Quarter | None
    given: Mapping[str, Any]

    @property
    def said(self) -> str:
        """Say where the same is done in the UI; "" for a command that nobody needs there."""
        way = WAYS.get(self.name)
        return way.said(self.given) if way else OTHERS.get(self.name, "")


def named_in(message: str) -> Iterator[NamedCommand]:
    """Give the commands that a message names, in their order."""
    for found in COMMAND.finditer(message):
        way, text = WAYS.get(found["name"]), found["quarter"]
        options = OPTION.finditer(found["options"]) if way else ()
        pairs = [(one["name"].replace("-", "_"), one["value"]) for one in options]
        given = {
            name: _value(way.form, name, value)
            for name, value in pairs
            if way and name in way.form.model_fields and (value is None or VALUE.fullmatch(value))
        }
        yield NamedCommand(found["name"], Quarter.parse(text) if text else None, given)


def _value(form: type[dg.Config], name: str, value: str | None) -> Any:
    """Return the value of a field as its form takes it; an option without one says yes."""
    if value is None:
        return True
    return int(value) if form.model_fields[name].annotation is int else value


def with_ways(message: str, job: str = "") -> str:
    """Return a message with a line on what to do in the UI.

    A message that names no command says, when there is a `job`, to launch that one again.
    """
    said = list(dict.fromkeys(one.said for one in named_in(message) if one.said))
    if not said and job:
        way = way_of(job)
        again = way.said({}) if way else f"Jobs > {job}"
        said = [f"{again}, once that is done or put right"]
    return f"{message}\n{HERE}{'; '.join(said)}." if said else message


def forms_of(
    message: str, quarter: Quarter | None = None, job: str = ""
) -> dict[str, dg.MetadataValue]:
    """Return the metadata that leads to the forms of the commands which a message names.

    `quarter` is that of commands which name none; without any there is no form to open. Where no
    form is named, that of the `job` is opened again.
    """
    links = {}
    for one in named_in(message):
        way, asked = WAYS.get(one.name), one.quarter or quarter
        if way and asked:
            links[way.job] = f"[{way.job}]({way.page(asked, one.given)})"
    again = way_of(job) if job and not links else None
    if again and quarter:
        links[job] = f"[{job}]({again.page(quarter, {})})"
    return {FORM: dg.MetadataValue.md(", ".join(links.values()))} if links else {}


def for_the_command_line(message: str) -> str:
    """Return a message without its lines for people in the UI."""
    return "\n".join(line for line in message.split("\n") if not line.startswith(HERE))
