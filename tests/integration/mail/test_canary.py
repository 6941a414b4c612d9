"""Nothing of what residents say, and nothing of a case, goes out by mail."""

import re

from sqlalchemy import select

from models.complaints import Case, Complaint, ComplaintMessage
from models.rectification import RectificationItem
from models.staff import Staff
from tests.deployment import Deployment
from tests.integration.canary.needles import found_in, words
from tests.integration.mail.people import has_mail
from tests.journey import ORDER, QUESTION, REPLY, SAID, Journey
from tests.mail import MailServer

EVERYBODY = ("P03", "P05", "P06", "P07", "P14", "P20", "P25")
DESPAIR = "农药就放在床头,你们再不来就晚了"


async def test_a_whole_case_goes_by_mail_and_no_mail_tells_what_it_is_about(
    deployment: Deployment, mails: MailServer
) -> None:
    journey = await Journey.begin(deployment)
    await has_mail(deployment, *EVERYBODY, first=True)
    await journey.resident_submits_with_a_photo()
    await journey.member_claims_and_reads()
    await journey.member_asks_and_resident_answers()
    await journey.member_accepts_and_verifies()
    await journey.leader_orders_a_fix()
    await deployment.settled()
    assert mails.to("p14@county.example"), "the head was to be told of the order"
    assert mails.to("p06@county.example"), "the member was to be told of the answer"

    async with deployment.database.reading() as session:
        ids = [*await session.scalars(select(Case.id)), *await session.scalars(select(Complaint.id))]
        ids += [*await session.scalars(select(ComplaintMessage.id))]
        items = list(await session.scalars(select(RectificationItem)))
        names = list(await session.scalars(select(Staff.name)))
    told = [SAID, QUESTION, REPLY, ORDER, journey.code, "桥", "小满", *names, "telegram", "机器人"]
    told += [*ids, *(text for item in items for text in (item.id, item.problem, item.requirement) if text)]
    told += [part for part in re.split(r"\W+", f"{SAID} {ORDER} {REPLY}") if part]
    read = "\n".join(mail.all for mail in mails.taken).lower()
    assert [part for part in told if part and part.lower() in read] == []
    raw = {f"mail {number}": mail.raw for number, mail in enumerate(mails.taken)}
    assert found_in(raw, words(SAID, QUESTION, REPLY, ORDER, journey.code)) == []


async def test_a_crisis_is_called_by_mail_in_a_word_and_no_more(deployment: Deployment, mails: MailServer) -> None:
    journey = await Journey.begin(deployment)
    await has_mail(deployment, *EVERYBODY)
    resident = journey.resident
    deployment.simulator.scan(resident.person, await deployment.link("V02"))
    await resident.sees(lambda one: bool(one.buttons))
    resident.say(DESPAIR)
    await resident.press("1.r.send")
    await deployment.settled()
    [called] = mails.to("p05@county.example")
    assert "有急件，请您马上看。" in called.text
    assert await journey.leader.reads("人命关天")  # and in chat, as ever
    assert not [mail for mail in mails.taken if "农药" in mail.all or "桥头岭" in mail.all]
