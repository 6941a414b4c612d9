"""A short run of `python -m bench year`: whatever happens to the clock, everybody is told what the ladder demands."""

from datetime import date, datetime
from pathlib import Path

import pytest

from bench.year import play
from bench.year.ladder import Ladder, Matter, People
from bench.year.play import Size
from privacy.keyring import Keyring
from services.rectification import due_items, remind

SIZE = Size(units=8, items=20, acts=20, ticks=1, last=date(2026, 3, 4))
HAPPENS = {"killed", "set wrong", "two ticks at once", "stopped", "due dates changed", "a holiday was moved", "papers"}


async def test_whatever_happens_to_the_clock_each_is_told_once_what_the_ladder_demands_and_in_hours(
    enrolled_county: None, database_address: str, keyring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due_items, "PORTION", 6)  # so that a tick has many transactions to be killed between
    monkeypatch.setattr(remind, "DIGESTS", 4)
    year, compared = await play(database_address, keyring, tmp_path / "files", SIZE, seed=3)
    assert compared.faults == []
    assert compared.demanded > 100
    assert year.happened.keys() >= HAPPENS


def test_of_two_stages_of_one_day_whoever_has_an_item_in_hand_is_told_theirs() -> None:
    passed, due = date(2026, 3, 2), date(2026, 2, 11)
    matter = Matter(
        "I1", "Y1", "T1", "P23", hazard=False, issued=date(2026, 1, 5), due=due, state="passed", since=passed
    )
    ladder = Ladder(people=People(leaders={"P23"}, directors={"P03"}), matters={"I1": matter})
    ladder.tick(datetime(2026, 3, 9, 9))
    assert {(name, person) for _, name, _, person in ladder.told} == {
        (f"countersign:{passed}", "P23"),
        (f"countersign:{passed}", "P03"),
    }
