"""What speaks of a key post goes the way of what speaks of a head, without a press of the resident's."""

import pytest

from handlers.resident.messages import DraftPreview, ReceiptMessage
from models.desk import Desk
from models.rounds import County
from models.settings import EVERYWHERE
from models.states import CaseState
from tests.conftest import OpenWork
from tests.integration.resident.conftest import Phone, case_of, shown_preview

TEXT = "财政所所长要回扣才给批"


@pytest.mark.parametrize(
    ("listed", "desk"),
    [
        ({EVERYWHERE: ["财政所所长"]}, Desk.leader("T2")),
        ({"U2": ["财政所所长"]}, Desk.leader("T2")),
        ({"U1": ["财政所所长"]}, Desk.team("T2")),
        ({}, Desk.team("T2")),
    ],
)
async def test_a_listed_post_is_kept_from_the_team_at_its_unit(
    phone: Phone, county: OpenWork, listed: dict[str, list[str]], desk: Desk
) -> None:
    async with county() as work:
        kept = await work.session.get_one(County, 1)
        kept.settings = kept.settings | {"key_posts": listed}
    receipt = await phone.complain("V06", TEXT)
    async with county() as work:
        case = await case_of(work, receipt)
        assert case.desk == desk
        assert case.concerns_head == desk.is_for_one
        assert case.state == (CaseState.RESTRICTED if desk.is_for_one else CaseState.ASSIGNED)


async def test_a_resident_sees_why_and_may_take_the_tick_away(phone: Phone, county: OpenWork) -> None:
    async with county() as work:
        kept = await work.session.get_one(County, 1)
        kept.settings = kept.settings | {"key_posts": {EVERYWHERE: ["财政所所长"]}}
    await phone.scan("V06")
    await phone.say(TEXT)
    shown = await shown_preview(phone)
    assert "财政所所长" in shown.text
    assert "关键岗位" in shown.text
    draft_id = phone.shown(DraftPreview).draft.draft_id
    await phone.press("toggle", draft_id, "head")
    await phone.press("send", draft_id)
    async with county() as work:
        assert (await case_of(work, phone.shown(ReceiptMessage).submission.receipt)).desk == Desk.team("T2")
