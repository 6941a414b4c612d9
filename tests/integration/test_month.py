"""A short run of `python -m bench month`: every complaint has its end and its answer, and all numbers agree."""

from pathlib import Path

from bench.month import play

COMPLAINTS = 12
STEPS = {"submission", "claim", "open", "accept", "verify", "answer", "return", "tick", "leave", "hand over"}


async def test_a_month_leaves_nothing_without_an_answer(database_address: str, tmp_path: Path) -> None:
    outcome = await play(database_address, tmp_path / "month", "short", COMPLAINTS, is_quick=True)
    assert outcome.faults == []
    assert outcome.report.submitted == COMPLAINTS
    assert outcome.meter.cpu.keys() >= STEPS
