"""Certificates of suppressed populations, kept where only their owner reads them."""

from __future__ import annotations

from pathlib import Path

from disclosure import Certificate
from disclosure.protection.kept_certificates import as_bytes, verify_again
from operations.errors import StoreError
from operations.home.durable import replace_file
from operations.home.settings import Settings, settings
from operations.stores.cells import protected_table, true_cells
from schemas.population import Population
from schemas.quarter import Quarter


def place(state: Settings, quarter: Quarter, name: str) -> Path:
    """Name the file of the certificate of one population."""
    return state.certificates / quarter.id / f"{name}.npz"


def keep(quarter: Quarter, name: str, certificate: Certificate | None, fingerprint: str) -> None:
    """Keep the certificate of a population, or none where nothing was suppressed this time."""
    file = place(settings(), quarter, name)
    if certificate is None:
        file.unlink(missing_ok=True)
    else:
        replace_file(file, as_bytes(certificate, fingerprint))


def verify_kept(quarter: Quarter, population: Population) -> None:
    """Check that the kept certificate proves what the stores hold; no engine runs.

    Raises `CertificateError`, naming the cell, when it does not, and `StoreError` when there is
    no certificate.
    """
    file = place(settings(), quarter, population.relation)
    if not file.is_file():
        raise StoreError(
            f"No certificate of {population.relation} is kept for {quarter.label}. Build that "
            "quarter again; a population in which nothing is suppressed has none."
        )
    cells, protected = (
        true_cells(quarter, population.relation),
        protected_table(quarter, population.relation),
    )
    verify_again(cells, population.protection, protected, file.read_bytes())
