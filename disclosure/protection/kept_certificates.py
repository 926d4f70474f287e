"""Certificates kept: as bytes and back, and checked again without running the engine.

Confidential like the certificate itself; see docs/disclosure/engine.md.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np
import polars as pl

from disclosure.errors import CertificateError
from disclosure.methods.complementary import ComplementarySuppression, figures, system
from disclosure.methods.treated import untreated
from disclosure.proof.certificate import Certificate, verify
from disclosure.protection.protect import Method, ProtectedTable
from disclosure.tables.cells import CellTable

if TYPE_CHECKING:
    from scipy import sparse

PARTS = ("cells", "up", "up_sign", "down", "down_sign")
BROKEN = (
    ValueError, KeyError, OSError, EOFError, TypeError, OverflowError, MemoryError, RuntimeError,
    BadZipFile, zlib.error,
)  # fmt: skip
"""What reading raises when the bytes are damaged, or are of something else."""


def as_bytes(certificate: Certificate, fingerprint: str) -> bytes:
    """Write a certificate as an npz file, with the fingerprint of the table that it proves."""
    arrays: dict[str, Any] = {name: getattr(certificate, name) for name in PARTS}
    arrays |= _laid_out("vectors", certificate.vectors)
    if certificate.apart is not None:
        arrays |= _laid_out("apart", certificate.apart)
    file = io.BytesIO()
    np.savez_compressed(file, protect=certificate.protect, fingerprint=fingerprint, **arrays)
    return file.getvalue()


def from_bytes(content: bytes) -> tuple[Certificate, str]:
    """Return the certificate and the fingerprint that `as_bytes` wrote; it runs no code of theirs.

    Raises CertificateError for anything else.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as held:
            certificate = Certificate(
                protect=str(held["protect"]),
                vectors=_matrix(held, "vectors"),
                apart=_matrix(held, "apart") if "apart_shape" in held else None,
                **{name: held[name] for name in PARTS},
            )
            return certificate, str(held["fingerprint"])
    except BROKEN as fault:
        raise CertificateError(f"What was kept is not a certificate: {fault}.") from fault


def _laid_out(name: str, matrix: sparse.csr_matrix) -> dict[str, np.ndarray]:
    parts = {part: getattr(matrix, part) for part in ("data", "indices", "indptr")}
    return {f"{name}_{part}": array for part, array in parts.items()} | {
        f"{name}_shape": np.array(matrix.shape)
    }


def _matrix(held: Any, name: str) -> sparse.csr_matrix:
    from scipy import sparse  # noqa: PLC0415 only where needed

    parts = tuple(held[f"{name}_{part}"] for part in ("data", "indices", "indptr"))
    return sparse.csr_matrix(parts, shape=tuple(held[f"{name}_shape"]))


def verify_again(
    table: CellTable, methods: Sequence[Method], protected: ProtectedTable, content: bytes
) -> None:
    """Return if a kept certificate proves the pattern of `protected`; else CertificateError.

    The rules are applied to the true cells again, to know which are sensitive and how far; what is
    withheld is read from the protected table. No engine and no solver runs.
    """
    certificate, fingerprint = from_bytes(content)
    if fingerprint != protected.fingerprint:
        raise CertificateError(f"{protected.name}: the certificate is that of another protection.")
    treated = untreated(table)
    for method in methods:
        if isinstance(method, ComplementarySuppression):
            if method.protect != certificate.protect:
                raise CertificateError(
                    f"{protected.name}: the certificate proves {certificate.protect!r} protection, "
                    f"and {method.protect!r} was asked for."
                )
            treated = replace(treated, singletons=method.singletons)
            break
        treated = method.treat(treated)
    keys = [*table.dimensions, "statistic"]
    shown = table.cells.select(keys).join(
        protected.cells, on=keys, how="left", maintain_order="left"
    )
    withheld = shown.select(pl.col("status") == "c").to_series().fill_null(value=False)
    verify(system(treated), withheld.to_numpy()[figures(treated)], certificate)
