"""A short run of `python -m bench faults`: what the Bot API answers on a bad day loses and doubles nothing."""

from bench.faults.answers import answers
from bench.faults.play import FaultCounts, Play, prepare
from channels.telegram.refusals import REFUSALS, Means
from tests.deployment import Deployment

SEED = "short"
ROUNDS = 4


async def test_residents_and_staff_lose_nothing_to_whatever_is_answered(
    deployment: Deployment,
) -> None:
    counts, found = FaultCounts(), list[str]()
    await Play(deployment, await prepare(deployment), counts, found.append).run(SEED, lambda number: number < ROUNDS)
    assert counts.is_well, found
    assert counts.shown == counts.stored == counts.residents == 2 * ROUNDS
    assert counts.faults >= 6 * ROUNDS


def test_the_table_throws_every_refusal_that_is_known() -> None:
    thrown = " ".join(one.description.lower() for one in answers())
    assert [words for words, means in REFUSALS if means is not Means.UNCHANGED and words not in thrown] == []
