"""The manifest of a pack: who sends what, when, and how many rows. One line per field."""

# ruff: noqa: E501 - one line per field, however long

from __future__ import annotations

import polars as pl

from schemas.fields import Code, DateTime, Email, Field, Flag, FreeText, Integer, Text
from schemas.returns.declaration import Return, Rule, Severity

SEMVER = r"\d+\.\d+\.\d+"
ORGANISATION = Text(2, 20, pattern=r"[A-Z0-9-]+", sample="ORG-01")
NATIONAL = Text(
    12,
    16,
    pattern=r"UKPRN-\d{8}|COMPANY-[A-Z0-9]{8}|CHARITY-[A-Z0-9]{6,8}",
    sample="UKPRN-10000001",
)

# fmt: off
MANIFEST = Return(
    name="manifest",
    title="Manifest",
    grain="one manifest per pack",
    key=(),
    fields=(
        Field("template_id", Text(1, 40, sample="ctw-return"), "The template this pack follows"),
        Field("template_version", Text(5, 12, pattern=SEMVER, sample="1.0.0"), "The version of the template"),
        Field("delivery_area_code", Code("delivery_area"), "The delivery area the pack is about"),
        Field("period_id", Text(9, 9, pattern=r"\d{4}-\d{2}Q[1-4]", sample="2026-27Q2"), "The quarter at whose end the pack stands"),
        Field("submission_sequence", Integer(1, 99), "1 for the first pack of a quarter, then 2, 3 and so on"),
        Field("prepared_at", DateTime(), "When the pack was made"),
        Field("prepared_by_role", Text(2, 80, sample="Performance analyst", is_prose=True), "The role, not the name, of who made it", identifier=True),
        Field("contact_email", Email(), "Role mailbox that answers queries", identifier=True),
        Field("data_protection_checked", Flag(), "The pack was checked for personal data beyond the template"),
        Field("signed_off_by", Code("sign_off_role"), "Who signed the pack off"),
        Field("nil_return", Flag(), "True when the area has nothing to report: the files have no rows"),
        Field("synthetic", Flag(), "True when the pack holds made-up people"),
        Field("notes", FreeText(500), "Anything the statisticians should know", required=False, identifier=True),
    ),
    rules=(
        Rule("data_protection_is_checked", 2, Severity.QUERY, "data_protection_checked",
             "data_protection_checked is false.",
             "Check the pack for personal data beyond the template, set the flag to true and send it again.",
             pl.col("data_protection_checked"),
         is_waivable=False),
    ),
)

MANIFEST_FILES = Return(
    name="manifest_files",
    title="Files listed in the manifest",
    grain="one entry per CSV file of the pack",
    key=("name",),
    fields=(
        Field("name", Text(5, 40, sample="participants.csv"), "The name of the file"),
        Field("sha256", Text(64, 64, pattern=r"[0-9a-f]{64}", sample="0" * 64, scanned=False), "The SHA-256 of the file, in lower case"),
        Field("rows", Integer(0, 10_000_000), "Rows of the file, without the header"),
    ),
)

ORGANISATIONS = Return(
    name="organisations",
    title="Delivery organisations listed in the manifest",
    grain="one entry per organisation that delivers or is paid in the area",
    key=("delivery_org_code",),
    fields=(
        Field("delivery_org_code", ORGANISATION, "The area's own code of the organisation"),
        Field("organisation_kind", Code("organisation_kind"), "Public body, private company or voluntary organisation"),
        Field("national_identifier", NATIONAL, "The organisation's number in a national register, with the register: the first it has of UKPRN (UK provider reference number), COMPANY, CHARITY; the same in every area", required=False, introduced="1.1.0"),
    ),
    rules=(
        Rule("is_listed_once", 4, Severity.REJECT_ROW, "delivery_org_code",
             "The same delivery_org_code was listed further up.",
             "List each organisation once.", pl.col("occurrence") == 1),
    ),
)
# fmt: on
