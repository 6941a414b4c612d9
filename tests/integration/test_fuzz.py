"""Short runs of `python -m bench fuzz`: what nobody meant loses, doubles and stops nothing."""

from pathlib import Path

import pytest

from bench.fuzz.files import fuzz_files
from bench.fuzz.pages import REQUESTS, STRANGERS, PageCounts, PageFuzz, start_with_pages
from bench.fuzz.product import STAFF, behind_webhook, fuzz_product
from bench.fuzz.updates import UpdateCounts, UpdateFuzz, count
from bench.options import time_left
from bench.simulated import lift_limits
from tests.deployment import Deployment

SEED = "short"
ROUNDS = 3
FILES = 12


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_broken_updates_cost_nobody_beside_them_a_receipt_and_double_nothing(
    way: str, unstarted: Deployment
) -> None:
    if way == "webhook":
        behind_webhook(unstarted)
    await unstarted.start()
    await lift_limits(unstarted)
    await unstarted.enrol(*STAFF)
    await unstarted.board("第二巡察组", *STAFF)
    counts, found = UpdateCounts(), list[str]()
    await UpdateFuzz(unstarted, counts, found.append).run(SEED, 0, lambda done: done < ROUNDS)
    await count(unstarted, counts)
    assert counts.is_well, found
    assert counts.residents == len(counts.own_receipts) == ROUNDS
    assert counts.stored >= ROUNDS
    assert counts.broken > 20 * ROUNDS


async def test_broken_files_end_clean_or_refused_and_what_is_clean_is_clean_again() -> None:
    found: list[str] = []
    counts = await fuzz_files(SEED, lambda done: done < FILES, found.append)
    assert counts.is_well, found
    assert counts.clean
    assert counts.refused.total() + counts.clean == counts.broken


def test_however_little_time_there_is_updates_are_broken_both_by_polling_and_by_the_webhook(tmp_path: Path) -> None:
    reported: list[str] = []
    counts = fuzz_product("sqlite", tmp_path, SEED, time_left(minutes=0), reported.append, strangers=1)
    assert counts.is_well, reported
    assert counts.residents == len(reported) == 2
    assert counts.broken > 0


async def test_however_little_time_there_is_files_are_broken() -> None:
    reported: list[str] = []
    counts = await fuzz_files(SEED, time_left(minutes=0), reported.append)
    assert counts.is_well, reported
    assert counts.broken > 0


def test_the_first_round_is_done_though_no_time_is_left() -> None:
    has_time = time_left(minutes=0)
    assert has_time(0)
    assert not has_time(1)


async def test_requests_that_nobody_meant_cost_nobody_beside_them_a_receipt_and_double_nothing(
    unstarted: Deployment,
) -> None:
    await start_with_pages(unstarted)
    counts, found = PageCounts(), list[str]()
    await PageFuzz(unstarted, counts, found.append).run(SEED, lambda done: done < 1)
    assert counts.is_well, found
    assert counts.residents == 1 <= counts.stored
    assert counts.sent >= STRANGERS * REQUESTS
