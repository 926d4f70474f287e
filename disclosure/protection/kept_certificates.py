"""Kept certificates: as bytes and back, and checked again without the engine.

They are CONFIDENTIAL; see docs/disclosure/engine.md.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from typing import Any
from zipfile import BadZipFile

import numpy as np
import polars as pl

from disclosure import proof
from disclosure.errors import CertificateError
from disclosure.methods.complementary import figures, system
from disclosure.methods.method import Method
from disclosure.methods.treated import untreated
from disclosure.methods.unions import sensitive_unions
from disclosure.protection.protect import ProtectedTable
from disclosure.tables.cells import CellTable

BROKEN = (
    ValueError, KeyError, OSError, EOFError, TypeError, OverflowError, MemoryError, RuntimeError,
    BadZipFile, zlib.error,
)  # fmt: skip
"""The errors that reading raises when the bytes are damaged or are something else."""


def as_bytes(certificate: proof.Certificate, fingerprint: str) -> bytes:
    """Write a certificate as an npz file, with the fingerprint of the table that it proves."""
    file = io.BytesIO()
    arrays: dict[str, Any] = proof.arrays_of(certificate)
    np.savez_compressed(file, protect=certificate.protect, fingerprint=fingerprint, **arrays)
    return file.getvalue()


def from_bytes(content: bytes) -> tuple[proof.Certificate, str]:
    """Return the certificate and the fingerprint that `as_bytes` wrote.

    Nothing in the bytes is run as code. Raises CertificateError for anything else.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as held:
            certificate = proof.certificate_of(str(held["protect"]), held)
            return certificate, str(held["fingerprint"])
    except BROKEN as fault:
        raise CertificateError(f"What was kept is not a certificate: {fault}.") from fault


def verify_again(
    table: CellTable, methods: Sequence[Method], protected: ProtectedTable, content: bytes
) -> None:
    """Return if a kept certificate proves the pattern of `protected`; otherwise CertificateError.

    The rules are applied to the true cells again, to find the sensitive ones and their protection.
    What is withheld is read from the protected table. Neither the engine nor a solver runs.
    """
    certificate, fingerprint = from_bytes(content)
    if fingerprint != protected.fingerprint:
        raise CertificateError(f"{protected.name}: the certificate is that of another protection.")
    treated = untreated(table)
    for method in methods:
        if method.proves is not None:
            if method.proves != certificate.protect:
                raise CertificateError(
                    f"{protected.name}: the certificate proves {certificate.protect!r} protection, "
                    f"and {method.proves!r} was asked for."
                )
            treated = method.assuming(treated)
            break
        treated = method.treat(treated)
    keys = [*table.dimensions, "statistic"]
    shown = table.cells.select(keys).join(
        protected.cells, on=keys, how="left", maintain_order="left"
    )
    withheld = shown.select(pl.col("status") == "c").to_series().fill_null(value=False)
    chosen = system(treated)
    hidden = withheld.to_numpy()[figures(treated)]
    proof.verify(chosen, hidden & ~chosen.publish, certificate)
    for union in sensitive_unions(treated, withheld.to_numpy()):
        raise CertificateError(
            f"{protected.name}: {union.words(treated)} follows from what is shown, and would give "
            "a contributor away."
        )
