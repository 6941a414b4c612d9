"""Staff choose in chat where they are reached: one more address by mail, the order, one less."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from channels.telegram.address import address_of
from handlers.press import Press, short_digest
from models.address import Address
from models.audit import Audited, AuditEntry
from models.mail_address import CHANNEL as MAIL
from models.recipient import Recipient
from models.staff import AddressConfirmation
from privacy.tags import lane
from services.access.addresses import addresses_of
from services.notice import Notice
from services.outbox import OutgoingMessage, SayMessage
from services.people.addresses import CODE_LIFETIME, CODES_A_DAY, TRIES, drop_address, give_address
from services.people.forms import close_question, open_form_of
from services.people.leaving import lock_out
from services.people.sessions import make_link, open_session, session_of
from services.retention.housekeeping import forget_open_forms
from tests.deployment import Deployment
from tests.integration.mail.people import HEAD, TOLD, has_mail, heard, mailbox, tell
from tests.mail import MailServer
from tests.story import PhoneUser

OWN = "xing.li@zhuwu.example"
_CODE = re.compile(r"\b\d{6}\b")


async def opens_addresses(deployment: Deployment, staff_id: str = HEAD) -> PhoneUser:
    """Enrol somebody who then looks where they are reached."""
    [account] = await deployment.enrol(staff_id)
    phone = PhoneUser(deployment.simulator, account)
    await looks_again(phone)
    return phone


async def looks_again(phone: PhoneUser) -> None:
    await phone.press("1.address.show", after=phone.say("/whoami"))


async def asks_for_mail(phone: PhoneUser, deployment: Deployment, written: str = OWN) -> None:
    await phone.press("1.address.add")
    phone.say(written)
    await deployment.settled()


async def says(phone: PhoneUser, deployment: Deployment, text: str) -> str:
    """Say something, and return what is answered."""
    phone.say(text)
    await deployment.settled()
    return deployment.simulator.messages(phone.chat)[-1].text


def code_in(mails: MailServer, to: str = OWN) -> str:
    found = _CODE.search(mails.to(to)[-1].text)
    assert found is not None
    return found[0]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


async def reached_at(deployment: Deployment, staff_id: str = HEAD) -> list[str]:
    async with deployment.database.reading() as session:
        return [one.channel for one in await addresses_of(session, staff_id)]


async def audited(deployment: Deployment) -> list[AuditEntry]:
    actions = (Audited.ADDRESS_ADDED, Audited.ADDRESS_DROPPED)
    async with deployment.database.reading() as session:
        query = select(AuditEntry).where(AuditEntry.action.in_(actions)).order_by(AuditEntry.number)
        return list(await session.scalars(query))


async def test_an_address_counts_once_the_code_mailed_there_is_typed(deployment: Deployment, mails: MailServer) -> None:
    phone = await opens_addresses(deployment)
    await asks_for_mail(phone, deployment)
    assert await reached_at(deployment) == ["telegram"]
    [mail] = mails.taken
    assert mail.to == OWN
    assert mail.read["Subject"] == "您有一条新消息"
    answer = await says(phone, deployment, f" {code_in(mails)[:3]} {code_in(mails)[3:]} ")
    assert OWN in answer
    assert await reached_at(deployment) == ["telegram", "mail"]
    [entry] = await audited(deployment)
    assert (entry.action, entry.by_id, entry.subject) == (Audited.ADDRESS_ADDED, HEAD, HEAD)
    assert "zhuwu" not in str(entry.detail)


async def test_a_code_that_was_guessed_at_too_often_confirms_nothing(deployment: Deployment, mails: MailServer) -> None:
    phone = await opens_addresses(deployment)
    await asks_for_mail(phone, deployment)
    right = code_in(mails)
    for _ in range(TRIES - 1):
        assert "验证码不对" in await says(phone, deployment, wrong(right))
    assert "不能再用了" in await says(phone, deployment, wrong(right))
    await says(phone, deployment, right)
    assert await reached_at(deployment) == ["telegram"]


async def test_a_code_of_half_an_hour_ago_confirms_nothing(deployment: Deployment, mails: MailServer) -> None:
    phone = await opens_addresses(deployment)
    await asks_for_mail(phone, deployment)
    deployment.simulator.advance(CODE_LIFETIME.total_seconds())
    assert "不能再用了" in await says(phone, deployment, code_in(mails))
    assert await reached_at(deployment) == ["telegram"]


async def test_a_code_confirms_the_address_it_was_sent_to_alone(deployment: Deployment, mails: MailServer) -> None:
    phone = await opens_addresses(deployment)
    await asks_for_mail(phone, deployment)
    first = code_in(mails)
    phone.say("/cancel")
    await deployment.settled()
    await asks_for_mail(phone, deployment, "other@zhuwu.example")
    if first != code_in(mails, "other@zhuwu.example"):
        assert "验证码不对" in await says(phone, deployment, first)
    assert await reached_at(deployment) == ["telegram"]


async def test_only_so_many_codes_are_mailed_in_a_day(deployment: Deployment, mails: MailServer) -> None:
    phone = await opens_addresses(deployment)
    for number in range(CODES_A_DAY + 1):
        await phone.press("1.address.add")
        answer = await says(phone, deployment, f"stranger{number}@elsewhere.example")
        phone.say("/cancel")
        await deployment.settled()
    assert "请明天再试" in answer
    assert len(mails.taken) == CODES_A_DAY
    deployment.simulator.advance(timedelta(days=1).total_seconds())
    await asks_for_mail(phone, deployment)
    assert len(mails.to(OWN)) == 1


async def test_what_is_no_mail_address_and_one_of_somebody_else_are_refused(
    deployment: Deployment, mails: MailServer
) -> None:
    await has_mail(deployment, "P03")
    phone = await opens_addresses(deployment)
    await phone.press("1.address.add")
    assert "不像邮箱地址" in await says(phone, deployment, "邢立的邮箱")
    assert "别的工作人员" in await says(phone, deployment, mailbox("P03"))
    assert mails.taken == []


async def test_the_first_address_is_the_one_they_choose(deployment: Deployment, mails: MailServer) -> None:
    phone = await opens_addresses(deployment)
    await has_mail(deployment, HEAD)
    await looks_again(phone)
    await phone.press("1.address.first")
    assert await reached_at(deployment) == ["mail", "telegram"]
    before = len(heard(deployment, HEAD))
    await tell(deployment, HEAD)
    assert len(mails.taken) == 1
    assert len(heard(deployment, HEAD)) == before


async def test_an_address_that_is_dropped_is_told_nothing_more(deployment: Deployment, mails: MailServer) -> None:
    phone = await opens_addresses(deployment)
    await has_mail(deployment, HEAD, first=True)
    await looks_again(phone)
    await phone.press("1.address.drop")
    await tell(deployment, HEAD)
    assert mails.taken == []
    assert await reached_at(deployment) == ["telegram"]
    assert [entry.action for entry in await audited(deployment)] == [Audited.ADDRESS_ADDED, Audited.ADDRESS_DROPPED]


async def test_the_chat_in_which_they_press_cannot_be_dropped_from_there(deployment: Deployment) -> None:
    phone = await opens_addresses(deployment)
    await has_mail(deployment, HEAD)
    await looks_again(phone)
    shown = await phone.can_press("1.address.drop")
    dropped = [one.data for row in shown.buttons for one in row if one.data.startswith("1.address.drop")]
    assert len(dropped) == 1
    async with deployment.database.reading() as session:
        here = next(one for one in await addresses_of(session, HEAD) if one.channel == "telegram")
    forged = Press("address", "drop", short_digest(str(here), 8)).pack()
    query = deployment.simulator.press_data(phone.person, shown.message_id, forged)
    assert "不能从这里去掉" in (await deployment.simulator.wait_for_answer(query)).text
    assert await reached_at(deployment) == ["telegram", "mail"]


async def test_an_address_that_no_longer_works_is_shown_as_that_and_works_again_once_confirmed(
    deployment: Deployment, mails: MailServer
) -> None:
    phone = await opens_addresses(deployment)
    await has_mail(deployment, HEAD, first=True)
    mails.of_recipient[mailbox(HEAD)] = "550 5.1.1 no"
    await tell(deployment, HEAD)
    del mails.of_recipient[mailbox(HEAD)]
    await looks_again(phone)
    await phone.reads("（上次没送到）")
    await asks_for_mail(phone, deployment, mailbox(HEAD))
    await says(phone, deployment, code_in(mails, mailbox(HEAD)))
    await tell(deployment, HEAD)
    assert len(mails.to(mailbox(HEAD))) == 2  # the code, and what was told


async def test_the_other_addresses_are_told_of_one_that_is_added_and_not_where_it_was_asked_for(
    deployment: Deployment, mails: MailServer
) -> None:
    phone = await opens_addresses(deployment)
    await has_mail(deployment, HEAD)
    await looks_again(phone)
    before = len(heard(deployment, HEAD))
    await asks_for_mail(phone, deployment)
    await says(phone, deployment, code_in(mails))
    [mail] = mails.to(mailbox(HEAD))
    assert OWN in mail.text
    assert "不是您加的" in mail.text
    assert not [text for text in heard(deployment, HEAD)[before:] if "不是您加的" in text]


async def test_an_address_that_somebody_else_added_is_taken_away_by_one_press_and_sessions_with_it(
    deployment: Deployment,
) -> None:
    phone = await opens_addresses(deployment)
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        session_id = await open_session(work, await make_link(work, HEAD, asked_on="web"), hours=8)
        await give_address(work, HEAD, Address(MAIL, OWN), by=HEAD)
    told = await phone.reads("不是您加的")
    assert OWN in told.text
    [drop] = [one.data for row in told.buttons for one in row]
    await phone.press(drop)
    assert await reached_at(deployment) == ["telegram"]
    async with deployment.database.reading() as session:
        assert await session_of(deployment.work(session), session_id or "") is None


async def test_an_address_is_told_of_another_even_if_it_is_dropped_before_the_mail_goes(
    deployment: Deployment, mails: MailServer
) -> None:
    await deployment.enrol(HEAD)
    await has_mail(deployment, HEAD)
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        await give_address(work, HEAD, Address(MAIL, OWN), by=HEAD)
        await drop_address(work, HEAD, Address(MAIL, mailbox(HEAD)), by=HEAD)
    await deployment.settled()
    assert "不是您加的" in mails.to(mailbox(HEAD))[-1].text


@pytest.mark.parametrize("content", [TOLD, SayMessage("您好", (), protect=False)])
async def test_what_waits_for_an_address_is_not_said_there_once_it_is_dropped(
    deployment: Deployment, mails: MailServer, content: Notice | SayMessage
) -> None:
    phone = await opens_addresses(deployment)
    await has_mail(deployment, HEAD)
    before = len(heard(deployment, HEAD))
    addresses = [Address(MAIL, mailbox(HEAD)), address_of(phone.person)]
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        await give_address(work, HEAD, Address(MAIL, OWN))
        for address in addresses:
            queued, own_lane = OutgoingMessage(content), lane(work.keyring.lane_secret, address)
            await work.outbox.again_to(Recipient.staff(HEAD), own_lane, queued, not_before=work.now, address=address)
            await drop_address(work, HEAD, address)
    await deployment.settled()
    assert not [mail for mail in mails.taken if "不是您加的" not in mail.text]
    assert not [text for text in heard(deployment, HEAD)[before:] if "不是您加的" not in text]


async def test_a_question_in_a_chat_that_was_given_up_is_not_said_there_again(
    deployment: Deployment, mails: MailServer
) -> None:
    phone = await opens_addresses(deployment)
    await has_mail(deployment, HEAD)
    await phone.press("1.address.add")
    await deployment.settled()
    before = len(heard(deployment, HEAD))
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        await drop_address(work, HEAD, address_of(phone.person))
        form = await open_form_of(work, HEAD)
        assert form is not None
        await close_question(work, HEAD, form.question)
    await deployment.settled()
    assert len(heard(deployment, HEAD)) <= before


async def test_codes_are_forgotten_the_day_after(deployment: Deployment, mails: MailServer) -> None:
    phone = await opens_addresses(deployment)
    await asks_for_mail(phone, deployment)
    deployment.simulator.advance(timedelta(days=1).total_seconds())
    async with deployment.database.transaction() as session:
        await forget_open_forms(deployment.work(session))
        assert await session.scalar(select(func.count()).select_from(AddressConfirmation)) == 0


async def test_a_lost_phone_takes_every_address_along(deployment: Deployment) -> None:
    await opens_addresses(deployment)
    await has_mail(deployment, HEAD)
    async with deployment.database.transaction() as session:
        await lock_out(deployment.work(session), HEAD)
    assert await reached_at(deployment) == []
