"""A pack is hashed and listed as it comes; what is unsafe to open is not opened."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest

import reference
from pipelines.returns.errors import Fault, PackFault
from pipelines.returns.packs.receive import PackName, UnpackLimits, read_pack, receive
from pipelines.synthetic.draft import zipped

FILES = {"manifest.json": b"{}", "events.csv": b"a,b\n1,2\n"}


def folder_of(path: Path, files: dict[str, bytes] = FILES) -> Path:
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def test_a_folder_and_its_zip_file_have_the_same_hash(tmp_path: Path):
    folder = folder_of(tmp_path / "CTW-EN01_2026-27Q2_v1")
    (tmp_path / "CTW-EN01_2026-27Q2_v1.zip").write_bytes(zipped(FILES))
    wrapped = {f"CTW-EN01_2026-27Q2_v1/{name}": data for name, data in FILES.items()}
    (tmp_path / "wrapped.zip").write_bytes(zipped(wrapped))
    hashes = {receive(path).sha256 for path in (folder, *tmp_path.glob("*.zip"))}
    assert len(hashes) == 1


def test_the_receipt_lists_every_file_with_its_size_and_hash(tmp_path: Path):
    receipt = receive(folder_of(tmp_path / "p"))
    assert [(f.name, f.size, f.sha256) for f in receipt.files] == [
        (name, len(data), hashlib.sha256(data).hexdigest()) for name, data in sorted(FILES.items())
    ]
    assert receipt.fault is None


@pytest.mark.parametrize("change", [{"events.csv": b"a,b\n1,3\n"}, {"more.csv": b""}])
def test_another_content_has_another_hash(tmp_path: Path, change: dict[str, bytes]):
    one = receive(folder_of(tmp_path / "one"))
    other = receive(folder_of(tmp_path / "other", {**FILES, **change}))
    assert one.sha256 != other.sha256


def test_a_pack_that_cannot_be_opened_gets_a_receipt_that_says_so(tmp_path: Path):
    (tmp_path / "p.zip").write_bytes(b"not a zip file")
    receipt = receive(tmp_path / "p.zip")
    assert receipt.fault == Fault("pack_can_be_read", found="The zip file is damaged.")
    assert receipt.sha256 == hashlib.sha256(b"\0refused\0not a zip file").hexdigest()


@pytest.mark.parametrize("name", ["../out.csv", "/etc/out.csv", "a\\..\\..\\out.csv", "C:out.csv"])
def test_a_path_that_leads_out_is_not_opened(tmp_path: Path, name: str):
    (tmp_path / "p.zip").write_bytes(zipped({name: b"x", "manifest.json": b"{}"}))
    assert receive(tmp_path / "p.zip").fault.rule == "names_stay_in_the_pack"


def test_a_bomb_is_not_opened(tmp_path: Path):
    (tmp_path / "p.zip").write_bytes(zipped({"participants.csv": b"0" * 5_000_000}))
    assert receive(tmp_path / "p.zip").fault.rule == "pack_is_within_limits"


@pytest.mark.parametrize("limits", [UnpackLimits(entries=1), UnpackLimits(unpacked_bytes=5)])
@pytest.mark.parametrize("is_zip", [True, False])
def test_limits_hold_for_zip_files_and_folders(tmp_path: Path, limits: UnpackLimits, is_zip: bool):
    path = tmp_path / ("p.zip" if is_zip else "p")
    if is_zip:
        path.write_bytes(zipped(FILES))
    else:
        folder_of(path)
    with pytest.raises(PackFault, match="pack_is_within_limits"):
        read_pack(path, limits)


def test_a_size_that_lies_is_noticed(tmp_path: Path):
    data = bytearray(zipped({"manifest.json": b"1" * 1000}))
    for sign, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.find(sign) + offset
        data[at : at + 4] = (10).to_bytes(4, "little")
    (tmp_path / "p.zip").write_bytes(bytes(data))
    assert receive(tmp_path / "p.zip").fault is not None


def test_a_link_is_not_followed(tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("key")
    folder = folder_of(tmp_path / "p")
    (folder / "aggregate.csv").symlink_to(secret)
    assert receive(folder).fault.rule == "pack_holds_plain_files"
    link = zipfile.ZipInfo("events.csv")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert receive(tmp_path / "p.zip").fault.rule == "pack_holds_plain_files"


def test_the_name_of_a_pack_says_area_period_and_sequence():
    name = PackName.parse("CTW-EN01_2026-27Q2_v3")
    assert name == PackName("CTW-EN01", "2026-27Q2", 3)
    assert str(name) == "CTW-EN01_2026-27Q2_v3"
    assert PackName.parse("CTW-EN01 2026-27Q2") is None


@pytest.mark.parametrize(
    ("dropped", "is_folder", "expected"),
    [
        ("CTW-EN15_2026-27Q2_v3", True, "CTW-EN15_2026-27Q2_v3"),
        ("CTW-EN15_2026-27Q2_v3.zip", False, "CTW-EN15_2026-27Q2_v3"),
        ("CTW-EN15_2026-27Q2_v3.ZIP", False, "CTW-EN15_2026-27Q2_v3"),
        ("CTW-EN15_2026-27Q2_v3.xlsx", False, "CTW-EN15_2026-27Q2_v3"),
        ("CTW-EN15_2026-27Q2_v3.old", True, None),
        ("CTW-EN15_2026-27Q2_v3.old.zip", False, None),
        ("AB001234C_2026-27Q2_v3", True, None),
        ("return.zip", False, None),
    ],
)
def test_a_folder_is_named_in_full_and_a_file_before_its_suffix(
    dropped: str, is_folder: bool, expected: str | None
):
    name = PackName.of_dropped(dropped, is_folder=is_folder)
    assert (None if name is None else str(name)) == expected


def test_the_code_of_every_delivery_area_makes_a_name():
    for code in reference.delivery_areas()["delivery_area_code"]:
        assert PackName.parse(f"{code}_2026-27Q2_v1") is not None
