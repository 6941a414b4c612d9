"""The complaints of the sample county are longer than most utterances: what should become of them is known."""

import json
from typing import Any

import pytest

from models.urgency import Urgency
from services.intake.understanding import About, TextKind
from tests.intake.county import concerned, meaning
from tests.sample import SAMPLE

COMPLAINTS: list[dict[str, Any]] = json.loads(SAMPLE.read_text(encoding="utf-8"))["complaints"]
URGENCY = {"emergency": Urgency.DANGER, "high": Urgency.NORMAL, "normal": Urgency.NORMAL}
OTHER_KINDS = {"spam": TextKind.ADVERT, "not_accepted": TextKind.LITIGATION}


@pytest.mark.parametrize("complaint", COMPLAINTS, ids=[one["id"] for one in COMPLAINTS])
def test_a_sample_complaint_is_understood(complaint: dict[str, Any]) -> None:
    expected, found = complaint["expected"], meaning(complaint["text"])
    assert found.category in expected["categories"]
    assert found.urgency == URGENCY[expected["urgency"]]
    if expected["disposition"] in OTHER_KINDS:
        assert found.kind == OTHER_KINDS[expected["disposition"]]
    if expected["restricted_to"] is None:
        assert concerned(complaint["text"]).isdisjoint({About.HEAD, About.TEAM})
