"""The tables of the schema `reference`, from the reference files. No figure is made here."""

from __future__ import annotations

from pathlib import Path

import polars as pl

import reference
from reference.readers import NATIONS, table
from schemas.quarter import PROGRAMME_START, Quarter, quarters
from schemas.returns import catalogue

# Starts are planned up to March 2030.
LAST_PLANNED = Quarter(2029, 4)
POUNDS = 1_000_000


def reference_tables(quarter: Quarter) -> dict[str, pl.DataFrame]:
    """Return the reference tables by name, reaching at least to `quarter`; columns as declared."""
    return {
        "quarters": _quarters(max(quarter, LAST_PLANNED)),
        "releases": reference.releases(),
        "codes": _codes(),
        "regions": _regions(),
        "delivery_areas": _delivery_areas(),
        "local_authorities": reference.local_authorities().rename(
            {"region_code": "region", "delivery_area_code": "delivery_area"}
        ),
        "retired_authorities": reference.retired_authorities(),
        "rollout_register": reference.rollout().rename(
            {"delivery_area_code": "delivery_area", "open_to_participants": "opened_on"}
        ),
        "profiles": reference.profiles().rename({"delivery_area_code": "delivery_area"}),
        "rules": catalogue(),
    }


def _quarters(last: Quarter) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (q.id, q.label, q.financial_year, q.number, q.start, q.end, q <= LAST_PLANNED)
            for q in quarters(PROGRAMME_START, last)
        ],
        schema=[
            "quarter",
            "quarter_label",
            "financial_year",
            "quarter_number",
            "quarter_start",
            "quarter_end",
            "is_of_programme",
        ],
        orient="row",
    )


def _codes() -> pl.DataFrame:
    folder = Path(reference.__file__).parent / "codes"
    lists = []
    for name in sorted(file.stem for file in folder.glob("*.csv")):
        codes = table(f"codes/{name}.csv")
        groups = codes["parent"].drop_nulls().implode()
        lists.append(
            codes.select(
                pl.lit(name).alias("code_list"),
                "code",
                "label",
                "parent",
                pl.col("code").is_in(groups).not_().alias("is_leaf"),
                "valid_from",
                "valid_to",
            )
        )
    return pl.concat(lists)


def _regions() -> pl.DataFrame:
    nation = pl.when(pl.col("region_code") == NATIONS["Wales"]).then(pl.lit(NATIONS["Wales"]))
    return table("geography/regions.csv").select(
        pl.col("region_code").alias("region"),
        "region_name",
        nation.otherwise(pl.lit(NATIONS["England"])).alias("nation"),
        "valid_from",
        "valid_to",
    )


def _delivery_areas() -> pl.DataFrame:
    announced = pl.col("announced_funding_gbp_m").cast(pl.Decimal(18, 6)) * POUNDS
    return reference.delivery_areas().select(
        pl.col("delivery_area_code").alias("delivery_area"),
        "delivery_area_name",
        pl.col("nation").replace_strict(NATIONS),
        pl.col("region_code").alias("region"),
        "accountable_body",
        "funding_route",
        announced.cast(pl.Int64).alias("funding_announced"),
        "valid_from",
        "valid_to",
    )
