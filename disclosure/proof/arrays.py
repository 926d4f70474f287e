"""Certificates as plain arrays by name, and back: the form in which they are kept in a file."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy import sparse

from disclosure.proof.certificate import Certificate

PARTS = ("cells", "up", "up_sign", "down", "down_sign")
"""The arrays of a certificate that have one entry per cell."""


def arrays_of(certificate: Certificate) -> dict[str, np.ndarray]:
    """Return the contents of a certificate, except `protect`, as arrays by name."""
    found = {name: getattr(certificate, name) for name in PARTS}
    found |= _laid_out("vectors", certificate.vectors)
    return found if certificate.apart is None else found | _laid_out("apart", certificate.apart)


def certificate_of(protect: str, arrays: Mapping[str, np.ndarray]) -> Certificate:
    """Return the certificate of these arrays; there may be others among them.

    Raises KeyError or ValueError when they are not those of a certificate.
    """
    return Certificate(
        protect=protect,
        vectors=_matrix(arrays, "vectors"),
        apart=_matrix(arrays, "apart") if "apart_shape" in arrays else None,
        **{name: arrays[name] for name in PARTS},
    )


def _laid_out(name: str, matrix: sparse.csr_matrix) -> dict[str, np.ndarray]:
    parts = {part: getattr(matrix, part) for part in ("data", "indices", "indptr")}
    return {f"{name}_{part}": array for part, array in parts.items()} | {
        f"{name}_shape": np.array(matrix.shape)
    }


def _matrix(arrays: Mapping[str, np.ndarray], name: str) -> sparse.csr_matrix:
    parts = tuple(arrays[f"{name}_{part}"] for part in ("data", "indices", "indptr"))
    return sparse.csr_matrix(parts, shape=tuple(arrays[f"{name}_shape"]))
