"""A process that is frozen, not dead: another sends in its place, and it doubles nothing once it wakes."""

import asyncio
import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from channels.telegram.address import address_of
from models import duty_lock
from privacy.keyring import Keyring
from services.outbox import say
from simulator.server import Simulator
from tests.conftest import NOW, ONLY_POSTGRESQL
from tests.deployment import UNLIMITED, Deployment, open_deployment
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
    simulator: Simulator,
    sample_county: None,
    database_address: str,
    keyring: Keyring,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deployment = open_deployment(simulator, database_address, keyring, tmp_path)
    one_by_one = deployment.config.model_copy(update={"sending": UNLIMITED.model_copy(update={"per_second": 1})})
    people = [simulator.add_person(f"R{number}", started=True) for number in range(6)]
    process = multiprocessing.get_context("forkserver").Process(target=killed.live, args=(one_by_one, NOW, None, 0.0))
    process.start()
    assert process.pid is not None
    try:
        under_way = simulator.hold("sendMessage")
        await enqueue(deployment, people, "once")
        # One call is under way; the others have been leased, and wait for the second to be over.
        await simulator.wait_until(lambda: under_way.waiting or None)
        os.kill(process.pid, signal.SIGSTOP)
        monkeypatch.setattr(duty_lock, "STALE_SECONDS", 0.5)
        await deployment.start()
        simulator.at_rest = None  # it may be at rest before the duty is its own
        await simulator.wait_until(lambda: all(times_said(simulator, people, "once")) or None)
        simulator.release(under_way)
        monkeypatch.undo()
        os.kill(process.pid, signal.SIGCONT)
        await deployment.settled()
        assert deployment.product is not None
        await deployment.product.stop()
        await enqueue(deployment, people, "later")  # sent by the one that woke
        await simulator.wait_until(lambda: all(times_said(simulator, people, "later")) or None)
    finally:
        process.kill()
        await asyncio.to_thread(process.join)
        await deployment.stop()
    said = times_said(simulator, people, "once")
    assert sum(said) <= len(people) + 1, "more than the one call that was under way was doubled"
    assert min(said) == 1
