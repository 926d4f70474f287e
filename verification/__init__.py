"""The independent verifier of a published release: it reads published files and nothing else.

It shares no code with the project, so that a fault of the engine is not repeated here.
"""

from verification.errors import FolderError, VerificationError
from verification.findings import Finding, Verdict
from verification.verifying import verify

__all__ = ["Finding", "FolderError", "VerificationError", "Verdict", "verify"]
