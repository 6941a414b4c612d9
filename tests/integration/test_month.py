"""A short run of `python -m bench month`: every complaint has its end and its answer, and all numbers agree."""

from pathlib import Path

from sqlalchemy import make_url

from bench.month import play

COMPLAINTS = 12
STEPS = {"submission", "claim", "open", "accept", "verify", "answer", "return", "tick", "leave", "hand over"}


async def test_a_month_leaves_nothing_without_an_answer(empty_address: str, tmp_path: Path) -> None:
    if empty_address.startswith("sqlite"):
        Path(str(make_url(empty_address).database)).parent.mkdir()
    outcome = await play(empty_address, tmp_path, "short", COMPLAINTS, is_quick=True)
    assert outcome.faults == []
    assert outcome.report.submitted == COMPLAINTS
    assert outcome.meter.cpu.keys() >= STEPS
