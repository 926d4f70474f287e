"""The prime that all arithmetic modulo a prime uses."""

from __future__ import annotations

PRIME = 2**61 - 1
"""A Mersenne prime (Lucas 1876): products reduce by shifts, and residues fit in 64 bits."""
