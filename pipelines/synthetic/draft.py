"""A pack in memory, to be changed and written again."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Draft:
    """A pack in memory: its name, its CSV files as text, and its manifest."""

    name: str
    files: dict[str, bytes]
    manifest: dict[str, Any]

    @classmethod
    def read(cls, folder: Path) -> Draft:
        """Read a pack that was just written."""
        files = {p.name: p.read_bytes() for p in sorted(folder.glob("*.csv"))}
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return cls(folder.name, files, manifest)

    def again(self, **changes: object) -> Draft:
        """Return the pack as a second submission, with other values in its manifest."""
        manifest = {**self.manifest, "submission_sequence": 2, **changes}
        area, period = manifest["delivery_area_code"], manifest["period_id"]
        name = f"{area}_{period}_v{manifest['submission_sequence']}"
        return replace(self, name=name, manifest=manifest)

    def sealed(self) -> Draft:
        """Return the pack with a manifest that describes its files."""
        listed = [
            {"name": n, "sha256": hashlib.sha256(d).hexdigest(), "rows": _rows(d)}
            for n, d in self.files.items()
        ]
        return replace(self, manifest={**self.manifest, "files": listed})

    def write(self, out: Path) -> Path:
        """Write the pack as a folder."""
        folder = out / self.name
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in self.files.items():
            (folder / name).write_bytes(data)
        (folder / "manifest.json").write_text(json.dumps(self.manifest, indent=2), encoding="utf-8")
        return folder

    def zipped(self) -> bytes:
        """Return the pack as the bytes of a zip file, the same for the same content."""
        return zipped({**self.files, "manifest.json": json.dumps(self.manifest, indent=2).encode()})


def _rows(data: bytes) -> int:
    """Count the rows of a CSV file below its header; a first line `sep=;` is not counted."""
    return max(data.count(b"\n") - 1 - data.startswith(b"sep="), 0)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files as the bytes of a zip file, the same for the same files."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return data.getvalue()


def zipped_folder(folder: Path) -> bytes:
    """Return the files of a folder as the bytes of a zip file."""
    return zipped({path.name: path.read_bytes() for path in folder.iterdir()})
