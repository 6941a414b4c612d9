"""`python -m bench intake FILE`: labelled texts of one's own are measured, and what fails is named."""

import json
from pathlib import Path

import pytest

from bench.intake import main

LINES: list[dict[str, object]] = [
    {"id": "a", "text": "桥栏杆断了", "category": "unsafe_bridge", "urgency": "danger", "about": None},
    {"id": "b", "text": "我不想活了", "category": ["other", "style"], "urgency": ["crisis", "danger"], "about": None},
    {"id": "c", "text": "村支书把鱼塘包给自己老弟", "category": "three_assets", "about": "head"},
    {"id": "d", "text": "路也烂,低保也乱评,工资还拖了我们五个月", "topics": 3},
    {"id": "e", "text": "别人都叫我王老五", "traces": ["王老五"]},
    {"id": "f", "text": "什么时候答复", "kind": "question"},
    {"id": "harmless", "text": "路灯不亮", "urgency": ["danger", "normal"], "about": ["head", None]},
    {"id": "wrong", "text": "路灯不亮", "category": "fees", "urgency": "crisis", "kind": "thanks", "village": "V01"},
]
USUAL: dict[str, object] = {
    "village": None,
    "category": ["road", "other", "subsistence_allowance", "wages_owed"],
    "urgency": "normal",
    "about": None,
    "kind": "complaint",
    "traces": [],
    "traces_ok": [],
    "topics": 1,
}


def test_shares_are_printed_with_the_ids_of_what_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "own.jsonl"
    file.write_text("\n".join(json.dumps(USUAL | line) for line in LINES), encoding="utf-8")
    assert main([str(file)]) == 0
    heading, *rows, took = capsys.readouterr().out.strip().splitlines()
    assert heading == "own.jsonl: 8 texts"
    assert took.startswith("  CPU a text: median ")
    printed = {row[2:34].rstrip(): row[34:].split() for row in rows}
    assert printed["category"] == ["0.875", "7/8", "wrong"]
    assert printed["kind"] == ["0.875", "7/8", "wrong"]
    assert printed["kind of what is no complaint"] == ["0.500", "1/2", "wrong"]
    assert printed["crisis recall"] == ["0.500", "1/2", "wrong"]
    assert printed["crisis precision"] == ["1.000", "1/1"]
    assert printed["danger recall"] == ["1.000", "2/2"]  # not asked of what may be harmless; of b, a crisis will do
    assert printed["about recall"] == ["1.000", "1/1"]
    assert printed["about precision"] == ["1.000", "1/1"]
    assert printed["traces in words recall"] == ["1.000", "1/1"]
    assert printed["several topics recall"] == ["1.000", "1/1"]
