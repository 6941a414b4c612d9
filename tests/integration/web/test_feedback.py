"""Feedback to a unit: written down in chat, signed for on a page."""

from sqlalchemy import select

from models.feedback import FeedbackMeeting
from models.rounds import Round
from models.states import FeedbackState, RoundState
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.rectification.test_conversations import phones
from tests.integration.web.conftest import OpenBrowser
from tests.integration.web.desk import signed_in


@ONLY_SQLITE
async def test_feedback_is_written_down_in_chat_and_signed_for_on_a_page(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    async with deployment.database.transaction() as session:
        (await session.get_one(Round, "R6")).state = RoundState.FEEDBACK
    office, head = await phones(deployment, "P04", "P15")
    office.say("/feedback")
    await office.press("1.feedback.record")
    await office.can_press("1.form.choose.record_feedback-unit")
    office.say("石蒲")
    await office.press("1.form.choose.record_feedback-kind-e3b0.meeting")
    await office.can_press("1.form.choose.record_feedback-day")
    office.say("明天")
    await office.reads("到今天为止")
    await office.press("1.form.choose.record_feedback-day")
    await office.reads("谁到会")
    office.say("党委书记和班子成员")
    await office.press("1.form.send.record_feedback")
    await office.reads("请一把手")
    told = await head.reads("巡察反馈记下了")
    assert "党委书记和班子成员" in told.text
    async with deployment.database.reading() as session:
        meeting = (await session.scalars(select(FeedbackMeeting))).one()
    page = await signed_in(deployment, open_browser, "P15")
    await page.open("/desk/feedback")
    await page.open(f"/desk/feedback/{meeting.id}")
    await page.send("1.feedback.sign")
    assert "签收" in page.page.text
    await office.reads("反馈签收了")
    async with deployment.database.reading() as session:
        assert (await session.get_one(FeedbackMeeting, meeting.id)).state is FeedbackState.SIGNED
