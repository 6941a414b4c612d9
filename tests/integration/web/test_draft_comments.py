"""A head is heard on a finding: asked in chat, answering on a page, told what has become of it."""

from sqlalchemy import select

from models.draft_comments import DraftComment
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.rectification.test_conversations import a_draft, phones
from tests.integration.web.conftest import OpenBrowser
from tests.integration.web.desk import signed_in

SAID = "十一月十日已经公示，照片在村里。"


@ONLY_SQLITE
async def test_a_head_is_heard_in_chat_and_on_pages(deployment: Deployment, open_browser: OpenBrowser) -> None:
    office, head = await phones(deployment, "P04", "P15")
    await a_draft(office, "村账三个月没有公示。")
    await office.press("1.draft.ask_heads")
    await office.can_press("1.form.choose.ask_heads-day")
    office.say("后天")
    shown = await office.can_press("1.form.send.ask_heads")
    assert "不写来源" in shown.text
    await office.press("1.form.send.ask_heads")
    await office.reads("还没回")
    asked = await head.reads("还没下达，想先听您的意见")
    assert "村账三个月没有公示" in asked.text
    async with deployment.database.reading() as session:
        comment = (await session.scalars(select(DraftComment))).one()
    page = await signed_in(deployment, open_browser, "P15")
    await page.open("/desk/comments")
    await page.open(f"/desk/comment/{comment.id}")
    await page.send("1.comment.comment")
    await page.send("add", text=SAID)
    assert SAID in page.page.text
    assert "公示" not in (await page.open(f"/desk/draft/{comment.draft_id}")).text
    answered = await office.reads("一把手回了")
    assert SAID in answered.text
    await office.press(f"1.comment.kept.{comment.id}")
    await office.reads("维持原样，理由是什么")
    office.say("公示的是另一个村。")
    told = await head.reads("您提的意见有了答复")
    assert "公示的是另一个村" in told.text
