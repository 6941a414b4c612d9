"""A crisis of which nobody can be sure is answered as one, and still its writer's traces are settled as ever."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from handlers.resident.messages import CrisisHelp, DraftPreview, Sentence
from models.urgency import Urgency
from privacy.receipt import Script
from services.intake import understood
from services.intake.classify import understand
from services.intake.understanding import CountyContext, Crisis, Understanding
from tests.conftest import OpenWork
from tests.integration.resident.conftest import Phone, address_of

WORDS = "我的手机号码是13812345678,我把事情都写好了"


def every_text_is_a_crisis(monkeypatch: pytest.MonkeyPatch, *, sure: bool) -> None:
    def crisis(texts: Sequence[str], *, county: CountyContext) -> Understanding:
        meaning = understand(texts, county=county)
        return replace(meaning, urgency=Urgency.CRISIS, crises=(Crisis.OTHER,), crisis_is_sure=sure)

    monkeypatch.setattr(understood, "understand", crisis)


@pytest.mark.parametrize("sure", [True, False])
async def test_traces_are_settled_first_unless_a_crisis_is_sure(
    phone: Phone, monkeypatch: pytest.MonkeyPatch, sure: bool
) -> None:
    every_text_is_a_crisis(monkeypatch, sure=sure)
    await phone.scan("V06")
    await phone.say(WORDS)
    assert phone.shown(CrisisHelp).can_send is sure
    draft = phone.shown(DraftPreview).draft
    assert draft.has_unsettled_traces
    assert draft.must_settle_traces is not sure
    await phone.press("send", draft.draft_id)
    assert (phone.sentences == ["traces_first"]) is not sure


@pytest.mark.parametrize("sure", [True, False])
async def test_four_words_of_a_receipt_code_are_no_crisis_that_is_unsure(
    phone: Phone, county: OpenWork, monkeypatch: pytest.MonkeyPatch, sure: bool
) -> None:
    receipt = await phone.complain("V06", "路灯不亮")
    every_text_is_a_crisis(monkeypatch, sure=sure)
    other = Phone(county, address=address_of(7_301_442_998))
    await other.say(receipt.text(Script.SIMPLIFIED).split()[0])
    helped = any(isinstance(reply, CrisisHelp) for reply in other.last)
    assert helped is sure
    if not sure:
        assert [reply.key for reply in other.last if isinstance(reply, Sentence)] == ["half_of_code"]
