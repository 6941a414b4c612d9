"""A poll in chat: opened, its slips printed as a file, closed after being asked once more, its result read."""

import io
import re

import pypdfium2
import pytest
from sqlalchemy import select

from models.polls import Poll
from services.polls.codes import read_code
from services.polls.polls import answer_poll
from services.polls.questions import Choice
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.polls.story import DIRECTOR, LEADER, LEADING_GROUP, all_of
from tests.integration.rectification.test_conversations import phones
from tests.pages import with_pages


@pytest.fixture
async def deployment(unstarted: Deployment) -> Deployment:
    """The whole product with its pages, running: slips are answered there."""
    await with_pages(unstarted).start()
    return unstarted


def codes_in(pdf: bytes) -> list[str]:
    """Return the codes that stand on printed slips."""
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    found = [read_code(written) for written in re.findall(r"\w{4}-\w{4}-\w{4}", text)]
    return [code for code in found if code]


async def test_a_poll_from_its_opening_to_its_result(deployment: Deployment) -> None:
    leader, director, group = await phones(deployment, LEADER, DIRECTOR, LEADING_GROUP)
    leader.say("/polls")
    await leader.press("1.poll.begin")
    asked = await leader.can_press("1.form.choose.open_poll")
    assert [one.text for row in asked.buttons for one in row][:2] == ["县住房和城乡建设局党组", "竹坞镇党委"]
    leader.say("竹坞")
    await leader.can_press("1.form.choose.open_poll-until")
    leader.say("昨天")
    await leader.reads("请写一个今天以后")
    await leader.press("1.form.choose.open_poll-until")
    preview = await leader.can_press("1.form.send.open_poll")
    assert "政治建设" in preview.text
    await leader.press("1.form.send.open_poll")
    await leader.press("1.poll.print")
    leader.say("七张")
    await leader.reads("请写一个数，1 到 500")
    leader.say("7")
    sent = await leader.sees(lambda one: one.kind == "document")
    codes = codes_in(sent.files[0])
    assert len(codes) == len(set(codes)) == 7
    for code in codes:
        async with deployment.database.transaction() as session:
            await answer_poll(deployment.work(session), code, all_of(Choice.GOOD, style=Choice.FAIR))
    director.say("/polls")
    await director.press("1.poll.open")
    card = await director.can_press("1.poll.close")
    assert "印了 7 张票，已经交了至少 5 份" in card.text
    assert "一般" not in card.text
    await director.press("1.poll.close")
    async with deployment.database.reading() as session:
        assert (await session.scalars(select(Poll))).one().closed_at is None, "it is asked once more"
    await director.press("1.poll.close_yes")
    for one in (director, leader, group):
        result = await one.reads("工作作风：好 0，较好 0，一般 7，差 0")
        assert "交上来 7 份" in result.text


@ONLY_SQLITE
@pytest.mark.parametrize("staff_id", ["P14", "P20", "P06", "P25"])
async def test_others_are_told_that_it_is_not_theirs(deployment: Deployment, staff_id: str) -> None:
    [phone] = await phones(deployment, staff_id)
    phone.say("/polls")
    await phone.reads("被测评单位的人看不到")
