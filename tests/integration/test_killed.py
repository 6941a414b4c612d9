"""kill -9 at any moment loses no complaint, doubles none, and every message arrives at last."""

import multiprocessing
import random
from collections.abc import AsyncIterator

import pytest

from privacy.keyring import Keyring
from tests.deployment import Deployment
from tests.killing import RESIDENTS, KillRun, Lives, fork_server_context

KILLS = 12  # `python -m bench kill` goes on for as long as one likes


@pytest.fixture(scope="module")
def fork_server() -> multiprocessing.context.ForkServerContext:
    return fork_server_context()


@pytest.fixture
async def lives(unstarted: Deployment, fork_server: multiprocessing.context.ForkServerContext) -> AsyncIterator[Lives]:
    """A deployment in which nothing runs yet. Nothing does afterwards either, or pytest would wait for it for ever."""
    lives = Lives(unstarted, fork_server)
    yield lives
    await lives.end()


async def test_killed_again_and_again_nothing_is_lost_and_nothing_doubled(keyring: Keyring, lives: Lives) -> None:
    counts = await KillRun(lives, keyring, random.Random(20261122)).play(lambda: lives.kills >= KILLS)
    assert counts.is_clean, str(counts)
    assert counts.shown >= RESIDENTS
    assert counts.claims_shown > 0
