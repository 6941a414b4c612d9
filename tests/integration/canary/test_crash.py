"""A process that is killed, at whatever moment, leaves nothing behind that tells of a resident."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from simulator.server import Simulator
from tests.integration.canary.left import left_behind
from tests.integration.canary.needles import found_in
from tests.integration.canary.phones import wrongly_received
from tests.integration.canary.planted import ANYTHING, CHAT
from tests.integration.canary.story import FILES, Canary
from tests.integration.test_attachments import grown
from tests.integration.test_killed import fork_server, lives  # noqa: F401 (fixtures)
from tests.killing import Lives
from tests.unit.media.test_cleaning_photo import jpeg_with_everything
from tests.waiting import eventually

SENT = 1 + len(FILES)  # files in the draft


async def test_killed_at_any_moment_nothing_of_a_resident_lies_about(
    lives: Lives,  # noqa: F811
    simulator: Simulator,
    tmp_path: Path,
) -> None:
    lives.log = tmp_path / "xunsheng.log"
    lives.begin()
    canary = await Canary.begin(lives.deployment)
    journey = canary.journey

    async def dies_and_lives_again() -> None:
        workers = cleaning(lives)
        await lives.kill()
        await until(lambda: not any(Path("/proc", worker).exists() for worker in workers))
        files = await left_behind(lives.deployment, tmp_path)
        assert str(lives.log) in files
        assert found_in(files, [*ANYTHING, *canary.needles]) == []
        simulator.clear_faults()
        lives.begin()

    # In the middle of a draft.
    await canary.drafts()
    await dies_and_lives_again()

    # While a file is fetched, and then, as it comes again, while it is re-made.
    fetched = simulator.hold("file")
    simulator.send_photo(CHAT, jpeg_with_everything())
    await simulator.wait_until(lambda: fetched.waiting or None)
    await dies_and_lives_again()
    await until(lambda: bool(cleaning(lives)))
    await dies_and_lives_again()
    await grown(journey.resident, SENT + 1)

    # Between the commit and the message, to either side.
    told = simulator.hold("sendMessage", chat_id=CHAT)
    sending = asyncio.create_task(canary.submits())
    await simulator.wait_until(lambda: told.waiting or None)
    await dies_and_lives_again()
    await sending
    await journey.board.press("1.case.claim")
    shown = simulator.hold("sendMessage", chat_id=journey.member.person)
    await journey.board.press("1.case.open")
    await simulator.wait_until(lambda: shown.waiting or None)
    await dies_and_lives_again()
    await journey.member.sees(lambda one: one.kind == "document")
    await dies_and_lives_again()
    assert wrongly_received(journey, canary.needles) == []


def cleaning(lives: Lives) -> list[str]:  # noqa: F811
    """Return the processes in which files are re-made now."""
    assert lives.process is not None
    parent, found = str(lives.process.pid), []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            state = (process / "stat").read_text().rpartition(")")[2].split()
            line = (process / "cmdline").read_bytes()
        except OSError:  # it has just ended
            continue
        if state[1] == parent and b"media" in line:
            found.append(process.name)
    return found


async def until(fits: Callable[[], bool]) -> None:
    async def holds() -> bool:
        return fits()

    await eventually(holds)
