"""Planted ids, names and words of a resident are in no byte that is left behind, nor with anybody on the staff.

The whole story is played by somebody whose number, name and account name occur nowhere else. Then every file of the
database, the vault, the keyring and the logs is read as bytes, and so is everything each staff phone received.
"""

import io
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.log_filter import OURS, QuietFormatter, TokenFilter
from tests.house import TOKEN, House
from tests.journey import REPLY, SAID, Journey
from tests.story import Hands

CHAT = 7_351_902_846_113  # does not occur by chance, and needs 64 bits
FIRST, LAST, ACCOUNT = "阙鹮羽", "尉迟", "canary_of_qiaotouling"


def forms_of(number: int) -> list[bytes]:
    """Return how a number may stand in a file: in digits, hex, and binary of either order."""
    return [
        str(number).encode(),
        f"{number:x}".encode(),
        number.to_bytes(8, "big")[2:],
        number.to_bytes(8, "little")[:6],
    ]


def forms_of_text(words: str) -> list[bytes]:
    """Return how words may stand in a file: in the encodings in use, and as JSON escapes them."""
    return [
        words.encode(),
        words.encode("utf-16-le"),
        words.encode("gb18030"),
        words.encode("unicode_escape"),
    ]


IDENTITY = [*forms_of(CHAT), *(form for name in (FIRST, LAST, ACCOUNT) for form in forms_of_text(name))]
WORDS = [form for words in (SAID, REPLY, SAID[10:22], REPLY[:8]) for form in forms_of_text(words)]


@pytest.fixture
def logs() -> Iterator[io.StringIO]:
    """What the product's logs would hold at the finest level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(QuietFormatter("%(levelname)s %(name)s: %(message)s"))
    handler.addFilter(TokenFilter())
    root = logging.getLogger()
    root.addHandler(handler)
    for package in OURS:
        logging.getLogger(package).setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    for package in OURS:
        logging.getLogger(package).setLevel(logging.NOTSET)


async def files_of(house: House, folder: Path, dialect: str) -> dict[str, bytes]:
    """Read every file the product left: its own folder, and the database server's."""
    folders = [folder]
    if dialect == "postgresql":
        async with house.database.transaction() as session:
            folders.append(Path(str(await session.scalar(text("SHOW data_directory")))))
        async with house.database.engine.connect() as connection:
            outside = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await outside.execute(text("CHECKPOINT"))
    return {
        str(file): file.read_bytes()
        for one in folders
        for file in one.rglob("*")
        if file.is_file() and not file.is_symlink()
    }


def found_in(files: Mapping[str, bytes], needles: list[bytes]) -> list[str]:
    return [f"{name}: {needle!r}" for name, content in files.items() for needle in needles if needle in content]


async def test_nothing_a_resident_is_or_says_can_be_found_afterwards(
    house: House, tmp_path: Path, dialect: str, logs: io.StringIO
) -> None:
    journey = await Journey.begin(house)
    simulator = house.simulator
    simulator.add_person(FIRST, last_name=LAST, username=ACCOUNT, person_id=CHAT)
    journey.resident = Hands(simulator, CHAT)

    await journey.resident_submits_with_a_photo()
    await journey.member_claims_and_reads()
    await journey.member_asks_and_resident_answers()

    # In the middle of it all: a draft is open, an address is kept, rows may be queued.
    simulator.scan(CHAT, await house.link("V06"))
    journey.resident.say("还有一件事:" + SAID)
    await journey.resident.can_press("1.r.send")
    files = await files_of(house, tmp_path, dialect)
    assert len(files) >= 8
    assert found_in(files, IDENTITY + WORDS) == []

    await journey.member_accepts_and_verifies()
    await journey.leader_orders_a_fix()
    await journey.head_acknowledges_and_hands_in()
    await journey.team_passes_with("桥已修好。")
    await journey.office_clears()
    await journey.resident_reads_by_code_from_another_phone()

    # A poisoned update and a blocked chat leave traces too.
    poison = {"chat": {"id": CHAT}, "from": {"id": CHAT}, "text": SAID}
    simulator.inject({"update_id": simulator.updates[-1].update_id + 1, "message": poison})
    await journey.resident.reads("对不住")
    await house.stop()
    files = await files_of(house, tmp_path, dialect)
    assert found_in(files, IDENTITY + WORDS) == []

    log = {"log": logs.getvalue().encode()}
    assert found_in(log, [*IDENTITY, *WORDS, TOKEN.partition(":")[2].encode()]) == []

    for staff_id, account in house.staff.items():
        received = {f"{staff_id} {one.what}": one.data for one in simulator.received(account) if one.from_bot}
        assert received
        assert found_in(received, IDENTITY) == []
        if staff_id not in {"P05", "P06", "P07"}:
            assert found_in(received, WORDS) == []
    board = {str(one.what): one.data for one in simulator.received(journey.board.chat) if one.from_bot}
    assert found_in(board, IDENTITY + WORDS) == []


def test_the_search_would_find_what_it_looks_for() -> None:
    import json
    import struct

    row = {
        "digits": f"chat {CHAT}".encode(),
        "sqlite": b"\x06" + CHAT.to_bytes(6, "big"),
        "postgresql": struct.pack("<q", CHAT),
        "json": json.dumps({"name": FIRST, "said": SAID}).encode(),
        "plain": SAID.encode(),
    }
    found = {one.split(":")[0] for one in found_in(row, IDENTITY + WORDS)}
    assert found == set(row)
