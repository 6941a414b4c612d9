"""A short run of `python -m bench faults`: what the Bot API answers on a bad day loses and doubles nothing."""

from pathlib import Path

from bench.faults.answers import answers
from bench.faults.play import FaultCounts, Play, prepare
from channels.telegram.refusals import REFUSALS, Means
from privacy.keyring import Keyring
from simulator.server import Simulator
from tests.deployment import open_deployment

SEED = "short"
ROUNDS = 4


async def test_residents_and_staff_lose_nothing_to_whatever_is_answered(
    simulator: Simulator, sample_county: None, database_address: str, keyring: Keyring, tmp_path: Path
) -> None:
    deployment = open_deployment(simulator, database_address, keyring, tmp_path)
    counts, found = FaultCounts(), list[str]()
    await deployment.start()
    try:
        await Play(deployment, await prepare(deployment), counts, found.append).run(
            SEED, lambda number: number < ROUNDS
        )
    finally:
        await deployment.stop()
    assert counts.is_well, found
    assert counts.shown == counts.stored == counts.residents == 2 * ROUNDS
    assert counts.faults >= 6 * ROUNDS


def test_the_table_throws_every_refusal_that_is_known() -> None:
    thrown = " ".join(one.description.lower() for one in answers())
    assert [words for words, means in REFUSALS if means is not Means.UNCHANGED and words not in thrown] == []
