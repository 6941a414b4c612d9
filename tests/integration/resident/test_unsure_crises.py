"""A crisis of which nobody can be sure is answered as one, and still its writer's traces are settled as ever."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from channels.telegram.address import address_of
from handlers.resident.messages import CrisisHelp, DraftPreview, Sentence
from models.urgency import Urgency
from privacy.receipt import Script
from services.intake import understood
from services.intake.classify import understand
from services.intake.understanding import CountyContext, Crisis, TextKind, Understanding
from tests.conftest import OpenWork
from tests.integration.resident.conftest import Phone, actions, shown_preview
from tests.story import slip_of

HINT = "我是六组那个养蜂的,路烂了"
WORDS = "我的手机号码是13812345678,我把事情都写好了"


def every_text_is_a_crisis(monkeypatch: pytest.MonkeyPatch, *, sure: bool, having: str = "") -> None:
    """Have every text read as a crisis that has these words."""

    def crisis(texts: Sequence[str], *, county: CountyContext) -> Understanding:
        meaning = understand(texts, county=county)
        if having not in "".join(texts):
            return meaning
        return replace(meaning, urgency=Urgency.CRISIS, crises=(Crisis.OTHER,), crisis_is_sure=sure)

    monkeypatch.setattr(understood, "understand", crisis)


@pytest.mark.parametrize("sure", [True, False])
async def test_traces_are_settled_first_unless_a_crisis_is_sure(
    phone: Phone, monkeypatch: pytest.MonkeyPatch, sure: bool
) -> None:
    every_text_is_a_crisis(monkeypatch, sure=sure)
    await phone.scan("V06")
    await phone.say(WORDS)
    preview, draft = await shown_preview(phone), phone.shown(DraftPreview).draft
    assert "12356" in preview.text
    assert draft.has_unsettled_traces
    assert ("send" in actions(preview)) is sure
    assert ("traces_out" in actions(preview)) is not sure
    await phone.press("send", draft.draft_id)
    assert (phone.sentences == ["traces_first"]) is not sure


async def test_in_a_crisis_that_is_unsure_hints_are_shown_and_sending_waits_for_names_alone(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    every_text_is_a_crisis(monkeypatch, sure=False)
    await phone.scan("V06")
    await phone.say(HINT)
    preview = await shown_preview(phone)
    assert "我是六组那个养蜂的" in preview.text.replace("<b>", "").replace("</b>", "").split("12356")[0]
    assert "send" in actions(preview)


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


SLIP = "回执码是{slip},麻烦快点"


@pytest.mark.parametrize("sure", [True, False])
@pytest.mark.parametrize("typed", [SLIP, "{slip}", "{code} 怎么还没答复"])
async def test_the_words_of_a_receipt_code_are_no_crisis_that_is_unsure(
    phone: Phone, county: OpenWork, monkeypatch: pytest.MonkeyPatch, typed: str, sure: bool
) -> None:
    receipt = await phone.complain("V06", "路灯不亮")
    first = receipt.words(Script.SIMPLIFIED)[0]
    every_text_is_a_crisis(monkeypatch, sure=sure, having=first)
    other = Phone(county, address=address_of(7_301_442_998))
    await other.say(typed.format(code=receipt.text(Script.SIMPLIFIED), slip=slip_of(receipt)))
    assert any(isinstance(reply, CrisisHelp) for reply in other.last) is sure


async def test_a_crisis_beside_a_receipt_code_is_one(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt = await phone.complain("V06", "路灯不亮")
    every_text_is_a_crisis(monkeypatch, sure=False, having="麻烦快点")
    await phone.say(SLIP.format(slip=slip_of(receipt)))
    assert any(isinstance(reply, CrisisHelp) for reply in phone.last)


async def test_a_code_gone_wrong_that_reads_like_a_wish_to_take_back_is_asked_about(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = await phone.complain("V06", "路灯不亮")
    monkeypatch.setattr(
        understood,
        "understand",
        lambda texts, *, county: replace(
            understand(texts, county=county),
            kind=TextKind.WITHDRAW_WISH if slip_of(receipt) in texts[0] else TextKind.COMPLAINT,
        ),
    )
    await phone.say(SLIP.format(slip=slip_of(receipt)))
    assert phone.sentences == ["confirm_slip"]
