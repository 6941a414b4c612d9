"""A process that is frozen, not dead: another sends in its place, and it doubles nothing once it wakes."""

import asyncio
import multiprocessing
import os
import signal

import pytest

from channels.telegram.address import address_of
from models import duty_lock
from services.outbox import say
from simulator.server import Simulator
from tests.conftest import NOW, ONLY_POSTGRESQL
from tests.deployment import UNLIMITED, Deployment
from tests.integration import killed
from texts.message import Message


async def enqueue(deployment: Deployment, people: list[int], text: str) -> None:
    async with deployment.database.transaction() as session:
        for person in people:
            await deployment.work(session).outbox.to_chat(address_of(person), say(Message(text)))


def times_said(simulator: Simulator, people: list[int], text: str) -> list[int]:
    return [len([one for one in simulator.messages(person) if one.text == text]) for person in people]


@ONLY_POSTGRESQL  # SQLite serves one process
async def test_what_a_frozen_process_had_in_hand_is_sent_by_another_and_not_again_when_it_wakes(
    unstarted: Deployment, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_by_one = unstarted.config.model_copy(update={"sending": UNLIMITED.model_copy(update={"per_second": 1})})
    people = [simulator.add_person(f"R{number}", started=True) for number in range(6)]
    process = multiprocessing.get_context("forkserver").Process(target=killed.live, args=(one_by_one, NOW, None, 0.0))
    process.start()
    assert process.pid is not None
    try:
        under_way = simulator.hold("sendMessage")
        await enqueue(unstarted, people, "once")
        # One call is under way; the others have been leased, and wait for the second to be over.
        await simulator.wait_until(lambda: under_way.waiting or None)
        os.kill(process.pid, signal.SIGSTOP)
        monkeypatch.setattr(duty_lock, "STALE_SECONDS", 0.5)
        await unstarted.start()
        simulator.at_rest = None  # it may be at rest before the duty is its own
        await simulator.wait_until(lambda: all(times_said(simulator, people, "once")) or None)
        simulator.release(under_way)
        monkeypatch.undo()
        os.kill(process.pid, signal.SIGCONT)
        await unstarted.settled()
        assert unstarted.product is not None
        await unstarted.product.stop()
        await enqueue(unstarted, people, "later")  # sent by the one that woke
        await simulator.wait_until(lambda: all(times_said(simulator, people, "later")) or None)
    finally:
        process.kill()
        await asyncio.to_thread(process.join)
        await unstarted.stop()
    said = times_said(simulator, people, "once")
    assert sum(said) <= len(people) + 1, "more than the one call that was under way was doubled"
    assert min(said) == 1
