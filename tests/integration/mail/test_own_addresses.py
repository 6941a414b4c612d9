"""Staff choose in chat where they are reached: one more address by mail, the order, one less."""

import re
from datetime import timedelta

from sqlalchemy import func, select

from handlers.press import Press, short_digest
from models.audit import Audited, AuditEntry
from models.staff import AddressConfirmation
from services.access.addresses import addresses_of
from services.people.addresses import CODE_LIFETIME, CODES_A_DAY, TRIES
from services.people.leaving import lock_out
from services.retention.housekeeping import forget_open_forms
from tests.deployment import Deployment
from tests.integration.mail.people import HEAD, has_mail, heard, mailbox, tell
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
