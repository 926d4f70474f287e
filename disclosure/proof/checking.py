"""The checker of certificates: whole-number arithmetic, no solver, no floats.

It shares with the engine only the table system, its sums and which cells are the same fact.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from scipy import sparse

from disclosure.errors import CertificateError
from disclosure.proof.certificate import Certificate
from disclosure.proof.witness import proportion
from disclosure.tables.knowledge import known_together
from disclosure.tables.system import TableSystem


def verify(system: TableSystem, suppressed: np.ndarray, certificate: Certificate) -> None:
    """Return if the certificate proves that `suppressed` protects every sensitive cell.

    What is proved depends on its `protect`: an "exact" certificate says nothing about intervals.
    Raises CertificateError, naming the cell, when it proves too little or is not well formed.
    """
    suppressed = np.asarray(suppressed, dtype=bool)
    if suppressed.shape != system.sensitive.shape:
        raise CertificateError(f"The pattern has shape {suppressed.shape}, not one per cell.")
    _check_form(system, certificate)
    _check_pattern(system, suppressed, certificate)
    _check_vectors(system, suppressed, certificate.vectors)
    _check_rows(system, certificate)
    if system.singles.any():
        _check_apart(system, suppressed, certificate)


def _check_form(system: TableSystem, certificate: Certificate) -> None:
    """Check the form: whole numbers, one entry per cell, cells that exist."""
    cells, signs = certificate.cells, (certificate.up_sign, certificate.down_sign)
    parts = (cells, certificate.up, certificate.down, *signs)
    if any(part.dtype.kind != "i" or part.shape != (len(cells),) for part in parts):
        raise CertificateError("The certificate does not name one witness per cell.")
    if cells.min(initial=0) < 0 or cells.max(initial=0) >= len(system):
        raise CertificateError("The certificate names a cell that the system does not have.")
    if not np.isin(np.concatenate(signs), (-1, 0, 1)).all():
        raise CertificateError("The signs of a certificate are +1, -1 or 0.")
    if certificate.protect not in {"exact", "interval"}:
        raise CertificateError(f"A certificate cannot prove {certificate.protect!r}.")


def _check_pattern(system: TableSystem, suppressed: np.ndarray, certificate: Certificate) -> None:
    _none(system, system.sensitive & ~suppressed, "is sensitive and is not withheld")
    _none(system, system.publish & suppressed, "must be published and is withheld")
    named = np.zeros(len(system), dtype=bool)
    named[certificate.cells] = True
    _none(system, system.sensitive & ~named, "is sensitive and has no witness")


def _check_vectors(system: TableSystem, suppressed: np.ndarray, vectors: sparse.csr_matrix) -> None:
    if (
        getattr(vectors, "format", "") != "csr"
        or vectors.dtype.kind != "i"
        or vectors.shape[1] != len(system)
    ):
        raise CertificateError("The vectors of a certificate are whole numbers, one per cell.")
    _check_entries(vectors)
    # the smallest int64 has no opposite, so sizes are compared as Python integers
    largest = max(int(vectors.data.max(initial=0)), -int(vectors.data.min(initial=0)))
    if largest * (int(np.diff(system.constraints.indptr).max(initial=0)) + 1) >= 2**62:
        raise CertificateError("The vectors of the certificate are too large to be checked.")
    moved = np.zeros(len(system), dtype=bool)
    moved[vectors.indices[vectors.data != 0]] = True
    _none(system, moved & ~suppressed, "is published, and the certificate moves it")
    totals = system.constraints.astype(np.int64) @ vectors.T.astype(np.int64).tocsc()
    totals.eliminate_zeros()
    if totals.nnz:
        row = int(totals.tocoo().row[0])
        cell = int(system.constraints.indices[system.constraints.indptr[row]])
        message = f"A vector of the certificate breaks a sum over {system.name(cell)}."
        raise CertificateError(message, cell)


def _check_entries(vectors: sparse.csr_matrix) -> None:
    """Check that every entry lies inside the matrix and none occurs twice."""
    try:
        vectors.check_format(full_check=True)
    except ValueError as fault:
        raise CertificateError(f"The vectors of a certificate are broken: {fault}.") from fault
    rows = np.repeat(np.arange(vectors.shape[0]), np.diff(vectors.indptr))
    if len(np.unique(rows * vectors.shape[1] + vectors.indices)) < vectors.nnz:
        raise CertificateError("A vector of the certificate gives two steps for one cell.")


def _check_rows(system: TableSystem, certificate: Certificate) -> None:
    """Check the two witnesses of every cell: its step, and how often that may be taken."""
    vectors, cells = certificate.vectors, certificate.cells
    reach: dict[tuple[int, int], Fraction] = {}
    exact = certificate.protect == "exact"
    ways = [
        (certificate.up, certificate.up_sign, system.up[cells], 1),
        (certificate.down, certificate.down_sign, system.down[cells], -1),
    ]
    for rows, signs, levels, way in ways[:1] if exact else ways:
        _check_numbers(certificate, rows, levels)
        steps = np.asarray(vectors[np.maximum(rows, 0), cells]).ravel() * (rows >= 0)
        for place, cell in enumerate(cells.tolist()):
            row, sign, step = int(rows[place]), int(signs[place]), int(steps[place])
            if exact and not step:
                raise CertificateError(f"{system.name(cell)} is not moved by its witness.", cell)
            needed = Fraction(levels[place].item())
            if exact or not needed:
                continue
            if (row, sign) not in reach:
                reach[row, sign] = _multiple(system, vectors, row, sign)
            if reach[row, sign] * sign * step * way < needed:
                direction = "up" if way > 0 else "down"
                raise CertificateError(
                    f"The witness of {system.name(cell)} does not reach {direction} by {needed}.",
                    cell,
                )


def _check_numbers(certificate: Certificate, rows: np.ndarray, levels: np.ndarray) -> None:
    if len(rows) and (
        rows.max() >= certificate.vectors.shape[0] or rows[levels > 0].min(initial=0) < 0
    ):
        raise CertificateError("The certificate names a vector that it does not hold.")


def _multiple(system: TableSystem, vectors: sparse.csr_matrix, row: int, sign: int) -> Fraction:
    """Return how often a vector may be taken before some cell falls below its least."""
    part = slice(vectors.indptr[row], vectors.indptr[row + 1])
    steps = sign * vectors.data[part].astype(np.int64)  # the smallest int8 has no opposite either
    falls = steps < 0
    values = system.room[vectors.indices[part][falls]].tolist()
    pairs = zip(values, steps[falls].tolist(), strict=True)
    limit = min((Fraction(value) / -step for value, step in pairs), default=Fraction(2**61))
    return Fraction(limit >= 1) if system.integer else limit


def _check_apart(system: TableSystem, suppressed: np.ndarray, certificate: Certificate) -> None:
    apart = certificate.apart
    in_whole_numbers = system.integer and certificate.protect == "interval"
    if (
        apart is None
        or apart.shape[1] != len(system)
        or (not in_whole_numbers and apart.shape[0] != 2)
    ):
        raise CertificateError("The certificate has no vectors against single contributors.")
    _check_vectors(system, suppressed, apart)
    known = (
        _moved_together(system, certificate.vectors, apart)
        if in_whole_numbers
        else _in_proportion(system, suppressed, apart)
    )
    _none(system, known, "may be known to the contributor of another cell")


def _moved_together(system: TableSystem, *matrices: sparse.csr_matrix) -> np.ndarray:
    """Return the sensitive counts that no table moves without some contributor's cell.

    A vector counts only if it, or its opposite, leaves every cell at its least or above.
    """
    facts, rivals = known_together(system), dict[int, set[int]]()
    for vectors in matrices:
        for row in range(vectors.shape[0]):
            if not any(_multiple(system, vectors, row, sign) for sign in (1, -1)):
                continue
            part = slice(vectors.indptr[row], vectors.indptr[row + 1])
            cells = vectors.indices[part][vectors.data[part] != 0]
            owned = cells[system.singles[cells]]
            for cell in cells[system.sensitive[cells]].tolist():
                found = set(owned[facts[owned] != facts[cell]].tolist())
                rivals[cell] = rivals.get(cell, found) & found
    known = system.sensitive.copy()
    known[[cell for cell, left in rivals.items() if not left]] = False
    return known


def _in_proportion(
    system: TableSystem, suppressed: np.ndarray, apart: sparse.csr_matrix
) -> np.ndarray:
    """Return the sensitive cells that move in the same proportion as a contributor's cell."""
    first, second = (row.tolist() for row in apart.toarray())
    facts = known_together(system)
    shared: dict[tuple[int, int], set[int]] = {}
    for cell in np.flatnonzero(system.singles & suppressed).tolist():
        shared.setdefault(proportion(first[cell], second[cell]), set()).add(int(facts[cell]))
    known = np.zeros(len(system), dtype=bool)
    for cell in np.flatnonzero(system.sensitive).tolist():
        pair = proportion(first[cell], second[cell])
        known[cell] = bool(shared.get(pair, set()) - {int(facts[cell])}) or pair == (0, 0)
    return known


def _none(system: TableSystem, wrong: np.ndarray, fault: str) -> None:
    found = np.flatnonzero(wrong)
    if found.size:
        raise CertificateError(f"{system.name(int(found[0]))} {fault}.", int(found[0]))
