"""Short runs of `python -m bench fuzz`: what nobody meant loses, doubles and stops nothing."""

from pathlib import Path

import pytest

from bench.fuzz.files import fuzz_files
from bench.fuzz.product import STAFF, behind_webhook
from bench.fuzz.updates import UpdateCounts, UpdateFuzz, count
from bench.simulated import lift_limits
from privacy.keyring import Keyring
from simulator.server import Simulator
from tests.deployment import open_deployment

SEED = "short"
ROUNDS = 3


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_broken_updates_cost_nobody_beside_them_a_receipt_and_double_nothing(
    way: str, simulator: Simulator, sample_county: None, database_address: str, keyring: Keyring, tmp_path: Path
) -> None:
    deployment = open_deployment(simulator, database_address, keyring, tmp_path)
    if way == "webhook":
        behind_webhook(deployment)
    await deployment.start()
    await lift_limits(deployment)
    await deployment.enrol(*STAFF)
    await deployment.board("第二巡察组", *STAFF)
    counts, found = UpdateCounts(), list[str]()
    try:
        await UpdateFuzz(deployment, counts, found.append).run(SEED, 0, lambda at: at < ROUNDS)
        await count(deployment, counts)
    finally:
        await deployment.stop()
    assert counts.is_well, found
    assert counts.residents == len(counts.own_receipts) == ROUNDS
    assert counts.stored >= ROUNDS
    assert counts.broken > 20 * ROUNDS


async def test_broken_files_end_clean_or_refused_and_what_is_clean_is_clean_again() -> None:
    found: list[str] = []
    left = iter(range(6))
    counts = await fuzz_files(SEED, lambda: next(left, None) is not None, found.append)
    assert counts.is_well, found
    assert counts.clean
    assert counts.refused.total() + counts.clean == counts.broken
