"""Rules of landing: a pack is kept once, as it came, and a later quarter waits."""

import hashlib
import json
import os
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assets.show import statuses
from operations.errors import LandingError
from operations.home.settings import Settings
from operations.landing import receive as receiving
from operations.landing.answers import check_answered
from operations.landing.receipts import numbers, opened_packs
from operations.landing.receive import (
    RECEIPT,
    candidates,
    landed,
    of_quarter,
    period_of,
    receive_all,
    sign_of,
    unjudged,
    waiting,
)
from pipelines.returns import answer_waiting, process_packs, receive
from pipelines.returns.packs.receive import read_pack
from pipelines.synthetic import simulate
from schemas.quarter import Quarter
from tests.pipelines.returns.packs.hostile import HOSTILE
from tests.pipelines.returns.small_world import KEY

AT = datetime(2025, 7, 20, 9, tzinfo=UTC)
LATER = datetime(2025, 7, 21, 9, tzinfo=UTC)
FIRST, SECOND = Quarter(2025, 1), Quarter(2025, 2)
AREA = "CTW-EN01"
NAME = f"{AREA}_{FIRST.id}_v1"


@pytest.fixture(scope="module")
def packs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("packs")
    simulate(SECOND, 200, 3, folder)
    return folder


@pytest.fixture
def drop(tmp_path):
    folder = tmp_path / "drop"
    folder.mkdir()
    return folder


def kept_bytes(store: Path) -> int:
    return sum(file.stat().st_size for file in store.rglob("*") if file.is_file())


def test_packs_up_to_the_quarter_are_received_once_and_later_ones_wait(packs, tmp_path):
    first = receive_all(packs, tmp_path, FIRST, AT)
    assert {period_of(name) for name in first.new} == {FIRST}
    assert {period_of(name) for name in first.later} == {SECOND}
    again = receive_all(packs, tmp_path, FIRST, LATER)
    assert (again.new, again.known) == ((), first.new)


def test_a_pack_of_a_later_quarter_gets_a_receipt_and_waits_answered(packs, tmp_path):
    now = datetime.now(UTC)
    found = receive_all(packs, tmp_path, FIRST, now)
    kept = list(landed(tmp_path))
    assert len(kept) == len(found.new) + len(found.later)
    later = waiting(kept, FIRST, ())
    assert {period: len(one) for period, one in later.items()} == {SECOND: len(found.later)}
    assert waiting(kept, FIRST, [pack.number for pack in kept]) == {}
    answered = answer_waiting(later[SECOND], SECOND)
    assert set(answered.submissions["status"]) == {"pending"}
    assert set(answered.submissions["period_id"]) == {SECOND.id}
    assert not answered.submissions["is_current"].any()
    assert set(answered.findings["rule_id"]) == {"pack.pack_waits_for_its_quarter"}
    assert set(answered.submissions["submission_id"]) == {pack.number for pack in later[SECOND]}
    again = receive_all(packs, tmp_path, SECOND, now)
    assert (again.new, set(again.known)) == ((), {*found.new, *found.later})


def test_what_cannot_be_opened_is_refused_also_when_its_quarter_is_to_come(drop, tmp_path):
    (drop / f"{AREA}_{SECOND.id}_v1.zip").write_bytes(b"no zip file")
    receive_all(drop, tmp_path / "store", FIRST, datetime.now(UTC))
    [(quarter, packs_of_it)] = waiting(landed(tmp_path / "store"), FIRST, ()).items()
    answered = answer_waiting(packs_of_it, quarter)
    assert answered.submissions["status"].to_list() == ["rejected"]
    assert answered.findings["severity"].to_list() == ["reject_file"]


def test_a_receipt_without_a_submission_or_report_is_told(packs, tmp_path):
    reports = tmp_path / "reports"
    (reports / FIRST.id / "receipt-1.b").mkdir(parents=True)
    (reports / FIRST.id / "receipt-1.b" / "report.html").write_text("")
    check_answered(["b"], ["b"], reports)
    with pytest.raises(LandingError, match="2 receipts in landing, 0 have no submission"):
        check_answered(["b", "c"], ["b", "c"], reports)
    with pytest.raises(LandingError, match="1 has no submission on record and 0 no report: .* c"):
        check_answered(["b", "c"], ["b"], reports)


def test_what_is_kept_is_what_was_sent_with_a_receipt_and_only_its_owner_can_read_it(
    packs, tmp_path
):
    receive_all(packs, tmp_path, FIRST, AT)
    for pack in landed(tmp_path):
        receipt = json.loads((pack.path.parent / RECEIPT).read_text())
        assert receipt == {
            "number": pack.number,
            "name": pack.name,
            "sha256": pack.sha256,
            "received_at": pack.received_at.isoformat(),
            "quarter": FIRST.id,
            "dropped_as": hashlib.sha256(pack.name.encode()).hexdigest(),
            "fault": None,
            "found": None,
        }
        sent = {file.name: file.read_bytes() for file in (packs / pack.name).iterdir()}
        assert read_pack(pack.path) == sent
        assert stat.S_IMODE(pack.path.stat().st_mode) == 0o400


def test_a_pack_of_the_same_name_and_other_content_is_kept_beside_the_first(packs, drop, tmp_path):
    shutil.copytree(packs / NAME, drop / NAME)
    receive_all(drop, tmp_path / "store", FIRST, AT)
    (drop / NAME / "events.csv").write_text("changed\n")
    assert receive_all(drop, tmp_path / "store", FIRST, LATER).new == (NAME,)
    sent, again = (pack.received_at for pack in landed(tmp_path / "store"))
    assert sent < AT
    assert again == LATER


def test_an_interrupted_copy_is_made_again(packs, tmp_path):
    receive_all(packs, tmp_path, FIRST, AT)
    broken = next(landed(tmp_path)).path.parent
    (broken / RECEIPT).unlink()
    assert len(receive_all(packs, tmp_path, FIRST, LATER).new) == 1


def test_no_folder_and_an_empty_one_say_what_to_do(tmp_path):
    with pytest.raises(LandingError, match="There is no landing folder"):
        candidates(tmp_path / "nowhere")
    (tmp_path / ".hidden").write_text("")
    with pytest.raises(LandingError, match="holds no return pack"):
        candidates(tmp_path)


def test_packs_of_earlier_quarters_wait_until_they_are_judged(packs, tmp_path):
    receive_all(packs, tmp_path, SECOND, AT)
    kept = list(landed(tmp_path))
    assert {pack.quarter for pack in of_quarter(kept, SECOND)} == {SECOND}
    earlier = of_quarter(kept, FIRST)
    assert unjudged(kept, SECOND, ()) == {FIRST: earlier}
    assert unjudged(kept, SECOND, {earlier[0].number}) == {FIRST: earlier[1:]}
    assert unjudged(kept, FIRST, ()) == {}


@pytest.mark.parametrize("name", ["readme", "CTW-EN01_2025-27Q1_v1", "CTW-EN01_2025-26Q1"])
def test_a_name_that_says_no_quarter_belongs_to_none(name):
    assert period_of(name) is None


@pytest.mark.parametrize("fault", HOSTILE)
def test_of_a_refused_pack_nothing_is_kept_but_a_receipt(fault, drop, tmp_path):
    make, rule = HOSTILE[fault]
    make(drop, NAME)
    found = receive_all(drop, tmp_path / "store", FIRST, AT)
    assert found.new == (NAME,)
    (pack,) = landed(tmp_path / "store")
    assert (pack.fault, pack.quarter) == (receive(next(drop.iterdir())).fault, FIRST)
    assert pack.fault.rule == rule
    assert [file.name for file in pack.path.parent.iterdir()] == [RECEIPT]
    assert kept_bytes(tmp_path / "store") < 1000
    assert receive_all(drop, tmp_path / "store", FIRST, LATER).known == (NAME,)


def test_a_link_to_a_secret_brings_nothing_of_it_into_landing(drop, packs, tmp_path):
    secret = tmp_path / "pseudonym_key"
    secret.write_text("the key of all pseudonyms")
    shutil.copytree(packs / NAME, drop / NAME)
    (drop / NAME / "notes.csv").symlink_to(secret)
    (drop / f"{AREA}_{FIRST.id}_v2").symlink_to(secret)
    receive_all(drop, tmp_path / "store", FIRST, AT)
    held = b"".join(f.read_bytes() for f in (tmp_path / "store").rglob("*") if f.is_file())
    assert b"the key" not in held


STRANGE = [
    "AB001234C.zip",
    "Ann Other, 3 May 1980",
    "return.zip",
    "n" * 250,
    os.fsdecode(b"caf\xe9_v1.zip"),
    "line\nbreak.csv",
    "CTW-EN01_2025-27Q1_v1.zip",
]


def test_whatever_it_is_called_it_is_answered_and_its_name_is_nowhere_in_landing(drop, tmp_path):
    for at, name in enumerate(STRANGE):
        (drop / name).write_bytes(b"%d" % at)
    store = tmp_path / "store"
    found = receive_all(drop, store, FIRST, AT)
    kept = list(landed(store))
    assert len(found.new) == len(STRANGE) == len(kept)
    assert {pack.quarter for pack in kept} == {FIRST}
    unnamed = [pack for pack in kept if pack.name == f"receipt-{pack.number}"]
    assert len(unnamed) == len(STRANGE) - 1
    written = "".join(
        str(file.relative_to(store)) + file.read_text()
        for file in store.rglob("*")
        if file.is_file()
    )
    judged = process_packs(of_quarter(kept, FIRST), FIRST, KEY)
    everything = written + str(found) + judged.findings.write_csv()
    everything += judged.submissions.write_csv(include_header=False)
    everything += str([sign_of(path) for path in candidates(drop)])
    for name in STRANGE[:-1]:
        assert name not in everything
        assert name.removesuffix(".zip") not in everything
    assert set(judged.submissions["status"]) == {"rejected"}
    assert judged.findings["submission_id"].n_unique() == len(STRANGE)


def renamed(source, folder, name, **changes):
    """Copy a pack under another name, with other words in its manifest."""
    shutil.copytree(source, folder / name)
    manifest = json.loads((folder / name / "manifest.json").read_text())
    (folder / name / "manifest.json").write_text(json.dumps({**manifest, **changes}))


@pytest.mark.parametrize(
    ("name", "stated", "built", "answered"),
    [
        (NAME, FIRST.id, SECOND, FIRST),
        (NAME, SECOND.id, SECOND, SECOND),
        (NAME, "2027-28Q2", SECOND, SECOND),
        (f"{AREA}_{SECOND.id}_v1", "2027-28Q2", SECOND, SECOND),
        ("return", FIRST.id, SECOND, SECOND),
        (NAME, "no quarter", SECOND, FIRST),
    ],
)
def test_a_pack_that_names_two_quarters_is_answered_in_the_one_being_built(
    name, stated, built, answered, packs, drop, tmp_path
):
    renamed(packs / NAME, drop, name, period_id=stated)
    receive_all(drop, tmp_path / "store", built, AT)
    (pack,) = landed(tmp_path / "store")
    assert pack.quarter == answered
    judged = process_packs([pack], answered, KEY)
    assert judged.submissions["period_id"].to_list() == [answered.id]


def kept_by_an_earlier_version(store, path, name, received_at):
    """Write a pack into landing as this program did before receipts had numbers."""
    digest = hashlib.sha256(path.read_bytes() if path.is_file() else b"").hexdigest()
    place = store / f"{name}.{digest[:16]}"
    place.mkdir(parents=True)
    copy = shutil.copy2 if path.is_file() else shutil.copytree
    copy(path, place / name)
    words = {"name": name, "sha256": digest, "received_at": received_at.isoformat()}
    (place / RECEIPT).write_text(json.dumps(words, indent=1))
    identity = f"{name}|{digest}|{received_at.isoformat()}|{name}"
    return hashlib.blake2b(identity.encode(), digest_size=8).hexdigest()


def test_landings_of_earlier_versions_are_read_and_their_submissions_keep_their_ids(
    packs, drop, tmp_path
):
    shutil.make_archive(str(tmp_path / NAME), "zip", packs / NAME)
    store = tmp_path / "store"
    numbers = [
        kept_by_an_earlier_version(store, packs / NAME, NAME, AT),
        kept_by_an_earlier_version(store, tmp_path / f"{NAME}.zip", f"{NAME}.zip", AT),
        kept_by_an_earlier_version(store, tmp_path / f"{NAME}.zip", "AB001234C.zip", AT),
    ]
    found = {pack.number: pack for pack in landed(store)}
    assert set(found) == set(numbers)
    assert [found[number].name for number in numbers] == [NAME, NAME, f"receipt-{numbers[2]}"]
    assert [found[number].quarter for number in numbers] == [FIRST, FIRST, None]
    for pack in found.values():
        assert set(read_pack(pack.path)) == {f.name for f in (packs / NAME).iterdir()}


def test_a_refusal_of_an_earlier_version_names_a_rule_that_there_is_now(drop, tmp_path):
    HOSTILE["pipe"][0](drop, NAME)
    receive_all(drop, tmp_path / "store", FIRST, AT)
    (file,) = (tmp_path / "store").rglob(RECEIPT)
    words = json.loads(file.read_text()) | {"fault": "pack_is_safe_to_unpack"}
    del words["found"]
    file.write_text(json.dumps(words))
    findings = process_packs(list(landed(tmp_path / "store")), FIRST, KEY).findings
    assert findings["severity"].to_list() == ["reject_file"]
    assert "could not be read" in findings["message"][0]


def as_hashed(files):
    """The bytes over which the hash of a pack is made."""
    return b"".join(f"{n}\0{len(data)}\0".encode() + data for n, data in sorted(files.items()))


def test_no_bytes_give_a_refused_file_the_hash_of_a_pack(packs, drop, tmp_path):
    """Else that pack would count as known: never received, or taken for one that was judged."""
    files, store = read_pack(packs / NAME), tmp_path / "store"
    (drop / f"{NAME}.txt").write_bytes(as_hashed(files))
    receive_all(drop, store, FIRST, AT)
    shutil.copytree(packs / NAME, drop / NAME)
    assert receive_all(drop, store, FIRST, AT).new == (NAME,)
    assert len({sha256 for _, sha256 in numbers(store)}) == 2
    assert opened_packs(store) == {receive(packs / NAME).sha256}


def test_files_of_a_pack_that_was_opened_are_not_read_on_trial_again(
    packs, drop, tmp_path, monkeypatch
):
    asked, opened = [], receiving.receive_in_child
    monkeypatch.setattr(
        receiving,
        "receive_in_child",
        lambda path, tried: asked.append(tried) or opened(path, tried=tried),
    )
    shutil.copytree(packs / NAME, drop / NAME)
    for at in (AT, LATER):
        receive_all(drop, tmp_path / "store", FIRST, at)
    assert asked == [frozenset(), frozenset({receive(packs / NAME).sha256})]


def test_a_pack_of_the_last_quarter_that_there_is_waits(packs, drop, tmp_path):
    last = NAME.replace(FIRST.id, "2098-99Q4")
    shutil.copytree(packs / NAME, drop / last)
    assert receive_all(drop, tmp_path / "store", FIRST, AT).later == (last,)


def test_an_old_list_of_receipts_in_the_drop_folder_is_warned_of_by_the_status(tmp_path):
    settings = Settings(home=tmp_path, code_version="v")
    settings.incoming.mkdir(parents=True)
    assert "receipts.csv" not in statuses(settings)
    (settings.incoming / ".receipts.csv").write_text("pack,received_at\n")
    said = statuses(settings)
    assert f"{settings.incoming / '.receipts.csv'} is not read" in said
    assert f"move it to {settings.incoming.parent / 'receipts.csv'}" in said
