"""Certificates kept as bytes: read again, checked again, and refused when anything was changed."""

from __future__ import annotations

import io
import sys
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from disclosure import (
    ComplementarySuppression,
    MinimumContributors,
    Threshold,
    protect,
)
from disclosure.errors import CertificateError, ClashError
from disclosure.protection.kept_certificates import as_bytes, from_bytes, verify_again
from disclosure.protection.protect import protect_and_prove
from disclosure.tables.drawn import draw

AREAS = draw(
    """
    area   value contributors
    Total  44    61
    E1     21    30
    E2     4     2
    E3     6     9
    W1     13    20
    """,
    area="Total: E1 E2 E3 W1",
)

ALONE = draw("area value contributors\nAll 60 9\nA 1 1\nB 2 1\nC 27 3\nD 30 4", area="All: A B C D")

METHODS = [MinimumContributors(minimum=3, reach=9), ComplementarySuppression()]

RULES = [Threshold(minimum=5), ComplementarySuppression()]


@pytest.fixture(params=[(AREAS, METHODS), (ALONE, RULES)], ids=["staff", "single contributors"])
def kept(request):
    table, methods = request.param
    protected, certificate = protect_and_prove(table, methods)
    return table, methods, protected, certificate


def withheld(protected):
    return set(protected.cells.filter(pl.col("status") == "c")["area"])


def known(*areas):
    return pl.DataFrame({"area": areas, "statistic": "count"})


TABLE = draw("area value contributors\nAll 60 9\nA 1 1\nB 2 1\nC 27 3\nD 30 4", area="All: A B C D")

ALL_RULES = [Threshold(5), MinimumContributors(3), ComplementarySuppression()]

PROTECTED, KEPT = protect_and_prove(TABLE, ALL_RULES)

CONTENT = as_bytes(KEPT, PROTECTED.fingerprint)


def arrays() -> dict[str, np.ndarray]:
    with np.load(io.BytesIO(CONTENT)) as held:
        return {name: held[name] for name in held.files}


def packed(**changed: object) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **{k: v for k, v in (arrays() | changed).items() if v is not None})
    return file.getvalue()


def test_protect_returns_the_table_of_protect_and_prove(kept):
    table, methods, protected, certificate = kept
    assert protect(table, methods) == protected
    assert certificate is not None
    assert protect_and_prove(table, []) == (protect(table, []), None)


def test_a_kept_certificate_proves_the_pattern_without_the_engine(kept, monkeypatch):
    table, methods, protected, certificate = kept
    monkeypatch.setitem(sys.modules, "disclosure.suppression.engine", None)
    verify_again(table, methods, protected, as_bytes(certificate, protected.fingerprint))


def test_the_rules_alone_say_what_is_to_be_proved(kept):
    table, methods, protected, certificate = kept
    verify_again(table, methods[:1], protected, as_bytes(certificate, protected.fingerprint))


def test_a_certificate_of_less_than_was_asked_for_is_refused(kept):
    """That no cell can be calculated says nothing of the intervals that the methods promise."""
    table, methods, protected, certificate = kept
    exact = as_bytes(replace(certificate, protect="exact"), protected.fingerprint)
    with pytest.raises(CertificateError, match="'interval' was asked for"):
        verify_again(table, methods, protected, exact)


def test_a_certificate_that_was_cut_off_is_refused(kept):
    _, _, protected, certificate = kept
    with pytest.raises(CertificateError, match="is not a certificate"):
        from_bytes(as_bytes(certificate, protected.fingerprint)[:-40])


def test_the_same_certificate_is_the_same_bytes(kept):
    _, _, protected, certificate = kept
    content = as_bytes(certificate, protected.fingerprint)
    assert as_bytes(*from_bytes(content)) == content


def test_an_altered_certificate_is_refused(kept):
    table, methods, protected, certificate = kept
    other = replace(certificate, vectors=certificate.vectors * 0)
    with pytest.raises(CertificateError):
        verify_again(table, methods, protected, as_bytes(other, protected.fingerprint))


def test_the_certificate_of_another_protection_is_refused(kept):
    table, methods, protected, certificate = kept
    with pytest.raises(CertificateError, match="that of another protection"):
        verify_again(table, methods, protected, as_bytes(certificate, "0" * 64))


def test_a_sensitive_cell_that_is_shown_is_refused():
    certificate = protect_and_prove(AREAS, METHODS)[1]
    shown = protect(AREAS, [])
    with pytest.raises(CertificateError, match="is sensitive and is not withheld"):
        verify_again(AREAS, METHODS, shown, as_bytes(certificate, shown.fingerprint))


def test_a_table_in_which_nothing_is_suppressed_has_no_certificate():
    large = draw("area value contributors\nAll 50 90\nA 20 40\nB 30 50", area="All: A B")
    assert protect_and_prove(large, METHODS)[1] is None
    with pytest.raises(CertificateError, match="is not a certificate"):
        verify_again(large, [MinimumContributors(3)], protect(large, METHODS), b"")


@pytest.mark.parametrize("content", [b"", b"no certificate", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_certificate_is_refused(content):
    with pytest.raises(CertificateError, match="is not a certificate"):
        from_bytes(content)


def test_cells_that_readers_already_have_stay_shown():
    assert withheld(protect(AREAS, METHODS)) == {"E2", "E3"}
    assert withheld(protect_and_prove(AREAS, METHODS, known("E3", "Total"))[0]) == {"E2", "W1"}


def test_a_sensitive_cell_is_withheld_even_when_readers_had_it():
    assert "E2" in withheld(protect_and_prove(AREAS, METHODS, known("E2"))[0])


def test_a_cell_that_can_no_longer_be_protected_is_an_error():
    with pytest.raises(ClashError):
        protect_and_prove(AREAS, METHODS, known("Total", "E1", "E3", "W1"))


def test_the_bytes_contain_the_certificate_and_nothing_else():
    certificate, fingerprint = from_bytes(CONTENT)
    assert fingerprint == PROTECTED.fingerprint
    assert (certificate.vectors != KEPT.vectors).nnz == 0
    assert (certificate.apart != KEPT.apart).nnz == 0
    for name in ("cells", "up", "up_sign", "down", "down_sign"):
        assert getattr(certificate, name).tolist() == getattr(KEPT, name).tolist()
    verify_again(TABLE, ALL_RULES, PROTECTED, packed())


@pytest.mark.parametrize("name", sorted(set(arrays()) - {"apart_shape"}))
def test_a_file_without_one_of_its_parts_is_no_certificate(name):
    with pytest.raises(CertificateError, match="is not a certificate"):
        from_bytes(packed(**{name: None}))


@pytest.mark.parametrize(
    "changed",
    [
        {"vectors_shape": np.array(7)},
        {"vectors_shape": np.array([1, 2, 3])},
        {"vectors_shape": np.array([2**62, 2**62])},
        {"vectors_shape": np.array([1.5, 2.5])},
        {"vectors_indptr": np.array([0, 99])},
        {"vectors_data": np.array([1])},
        {"vectors_data": np.array([None, "a"], dtype=object)},
        {"vectors_indices": np.array([[0, 1]])},
    ],
)
def test_a_file_whose_parts_do_not_fit_is_refused_in_one_way(changed):
    with pytest.raises(CertificateError):
        verify_again(TABLE, ALL_RULES, PROTECTED, packed(**changed))


def test_the_proof_against_contributors_cannot_be_left_out_of_a_file():
    with pytest.raises(CertificateError, match="no vectors against single contributors"):
        verify_again(TABLE, ALL_RULES, PROTECTED, packed(apart_shape=None))


@pytest.mark.parametrize("flip", [0x01, 0x80, 0xFF])
def test_a_byte_changed_anywhere_is_refused_or_changes_nothing_that_is_read(flip):
    """A damaged file must not end in an error of the zip library that nobody expects."""
    for place in range(0, len(CONTENT), 7):
        damaged = bytearray(CONTENT)
        damaged[place] ^= flip
        try:
            verify_again(TABLE, ALL_RULES, PROTECTED, bytes(damaged))
        except CertificateError:
            continue
        assert as_bytes(*from_bytes(bytes(damaged))) == CONTENT
