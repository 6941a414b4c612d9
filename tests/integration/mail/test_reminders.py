"""Who is told by mail, who in chat, and what follows when one of the two does not work."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from models.address import Address
from models.delivery import OutboxRow, OutboxState
from models.mail_address import CHANNEL as MAIL
from models.staff import Staff
from services.delivery.retry import LONGEST_WAIT, PATIENT_TRIES
from services.outbox import Priority, say
from services.people.notices import ColleagueUnreachable, NotSaid
from services.rectification.notices import HazardReminder
from services.retention.notices import BackupFailed
from tests.conftest import NOW
from tests.deployment import Deployment
from tests.integration.cases.conftest import lay
from tests.integration.mail.conftest import PAGES
from tests.integration.mail.people import DIRECTOR, HEAD, TOLD, gone, has_mail, heard, mailbox, tell
from tests.integration.rectification.conftest import at
from tests.mail import MailServer
from texts.message import Message

DAY = timedelta(days=1)
LEADER = "P05"


async def reasons_of_dead(deployment: Deployment) -> list[str | None]:
    async with deployment.database.reading() as session:
        return list(await session.scalars(select(OutboxRow.reason).where(OutboxRow.state == OutboxState.DEAD)))


async def wait_through(deployment: Deployment, tries: int) -> None:
    for _ in range(tries):
        deployment.simulator.advance(LONGEST_WAIT.total_seconds())
        await deployment.settled()


async def test_without_telegram_a_head_is_reminded_by_mail(without_telegram: Deployment, mails: MailServer) -> None:
    await has_mail(without_telegram, HEAD)
    without_telegram.simulator.advance(DAY.total_seconds())  # to Monday, nine o'clock
    await without_telegram.settled()
    assert {mail.to for mail in mails.taken} == {mailbox(HEAD)}
    [mail] = [mail for mail in mails.taken if "有整改问题的消息等您看。" in mail.text]  # the other is the week's digest
    assert re.search(rf"\n{PAGES}/desk/waiting/[\w-]{{22}}$", mail.text)
    assert without_telegram.simulator.calls() == []


async def test_without_telegram_a_leader_is_told_by_mail_that_cases_wait(
    without_telegram: Deployment, mails: MailServer
) -> None:
    await has_mail(without_telegram, LEADER)
    async with without_telegram.database.transaction() as session:
        await lay(without_telegram.work(session), "路坏了", came=at(4))
    await without_telegram.settled()
    before = len(mails.taken)  # of its card
    without_telegram.simulator.advance((at(23, 8, 30) - NOW).total_seconds())
    await without_telegram.settled()
    [mail] = mails.taken[before:]
    assert mail.to == mailbox(LEADER)
    assert "有信访举报件等您看。" in mail.text
    assert "超期" not in mail.all


async def test_without_telegram_nothing_in_a_mail_speaks_of_it(without_telegram: Deployment, mails: MailServer) -> None:
    await has_mail(without_telegram, HEAD, DIRECTOR)
    without_telegram.simulator.advance(DAY.total_seconds())
    await without_telegram.settled()
    assert mails.taken
    assert not [mail for mail in mails.taken if "telegram" in mail.all.lower() or "机器人" in mail.all]


async def test_what_is_said_first_by_mail_is_said_there_alone(deployment: Deployment, mails: MailServer) -> None:
    await deployment.enrol(HEAD)
    await has_mail(deployment, HEAD, first=True)
    await tell(deployment, HEAD)
    assert len(mails.to(mailbox(HEAD))) == 1
    assert heard(deployment, HEAD) == []


async def test_what_is_said_first_in_chat_is_said_there_alone(deployment: Deployment, mails: MailServer) -> None:
    await deployment.enrol(HEAD)
    await has_mail(deployment, HEAD)
    await tell(deployment, HEAD)
    assert len(heard(deployment, HEAD)) == 1
    assert mails.taken == []


async def test_whoever_blocked_the_bot_is_told_by_mail(deployment: Deployment, mails: MailServer) -> None:
    await deployment.enrol(HEAD, DIRECTOR)
    await has_mail(deployment, HEAD)
    deployment.simulator.block(deployment.staff[HEAD])
    await tell(deployment, HEAD)
    assert len(mails.to(mailbox(HEAD))) == 1
    assert await gone(deployment) == ["telegram"]
    assert heard(deployment, DIRECTOR) == []  # the head is reached


async def test_whoever_has_no_mailbox_any_more_is_told_in_chat(deployment: Deployment, mails: MailServer) -> None:
    await deployment.enrol(HEAD, DIRECTOR)
    await has_mail(deployment, HEAD, first=True)
    mails.of_recipient[mailbox(HEAD)] = "550 5.1.1 no such user"
    await tell(deployment, HEAD)
    assert len(heard(deployment, HEAD)) == 1
    assert await gone(deployment) == ["mail"]
    assert heard(deployment, DIRECTOR) == []


async def test_whoever_is_reached_nowhere_is_told_of_and_counts_as_reached_again_by_the_next_mail(
    deployment: Deployment, mails: MailServer
) -> None:
    await deployment.enrol(DIRECTOR)
    await has_mail(deployment, HEAD)
    mails.of_recipient[mailbox(HEAD)] = "550 5.1.1 no such user"
    await tell(deployment, HEAD)
    told = heard(deployment, DIRECTOR)  # that they are not reached, and what they would have heard
    assert sum(HEAD in one for one in told) == 1
    assert await gone(deployment) == ["mail"]
    del mails.of_recipient[mailbox(HEAD)]
    await tell(deployment, HEAD)
    assert len(mails.taken) == 1
    assert await gone(deployment) == []


async def test_a_mail_server_that_is_away_for_half_an_hour_is_passed_by(
    deployment: Deployment, mails: MailServer
) -> None:
    await deployment.enrol(HEAD)
    await has_mail(deployment, HEAD, first=True)
    mails.of_recipient[mailbox(HEAD)] = "451 4.3.0 try again"
    await tell(deployment, HEAD)
    assert heard(deployment, HEAD) == []
    await wait_through(deployment, PATIENT_TRIES + 1)
    assert len(heard(deployment, HEAD)) == 1
    assert await gone(deployment) == []  # it is only late


async def test_whoever_has_an_account_where_there_is_no_bot_any_more_is_told_by_mail(
    without_telegram: Deployment, mails: MailServer
) -> None:
    await without_telegram.enrol(HEAD, DIRECTOR)
    await has_mail(without_telegram, HEAD)
    await tell(without_telegram, HEAD)
    assert len(mails.to(mailbox(HEAD))) == 1
    assert await gone(without_telegram) == []  # the bot may come back
    await tell(without_telegram, DIRECTOR)  # who has nothing else
    assert await gone(without_telegram) == []
    assert "no channel telegram" in await reasons_of_dead(without_telegram)


async def test_what_the_server_takes_from_nobody_like_us_waits_until_that_is_mended(
    deployment: Deployment, mails: MailServer
) -> None:
    await has_mail(deployment, HEAD)
    mails.of_sender = "553 5.1.8 who are you"
    await tell(deployment, HEAD)
    assert await gone(deployment) == []
    assert await reasons_of_dead(deployment) == []


async def test_a_mail_that_is_not_taken_for_what_it_says_is_dead_and_the_office_hears_of_it(
    deployment: Deployment, mails: MailServer
) -> None:
    await deployment.enrol(DIRECTOR)
    await has_mail(deployment, HEAD)
    mails.of_content = "554 5.6.0 no"
    await tell(deployment, HEAD)
    assert "SMTP 554 5.6.0" in await reasons_of_dead(deployment)
    assert any("SMTP 554 5.6.0" in text for text in heard(deployment, DIRECTOR))


async def test_a_mail_that_is_not_taken_for_what_it_says_is_said_in_chat(
    deployment: Deployment, mails: MailServer
) -> None:
    await deployment.enrol(HEAD)
    await has_mail(deployment, HEAD, first=True)
    mails.of_content = "554 5.6.0 no"
    await tell(deployment, HEAD)
    [told] = heard(deployment, HEAD)
    assert "P14" in told


async def test_what_is_urgent_is_said_in_chat_and_by_mail_whichever_comes_first(
    deployment: Deployment, mails: MailServer
) -> None:
    await deployment.enrol(HEAD)
    await has_mail(deployment, HEAD, first=True)
    for number, priority in enumerate((Priority.CRISIS, Priority.HAZARD), start=1):
        await tell(deployment, HEAD, HazardReminder("RI01"), priority)
        assert len(heard(deployment, HEAD)) == number
        assert len(mails.to(mailbox(HEAD))) == number
    assert not [mail for mail in mails.taken if "RI01" in mail.text or "公租房" in mail.text]


async def test_what_is_urgent_is_mailed_although_the_bot_is_blocked_or_away(
    deployment: Deployment, mails: MailServer
) -> None:
    await deployment.enrol(HEAD)
    await has_mail(deployment, HEAD)
    deployment.simulator.fail("sendMessage", times=3)
    await tell(deployment, HEAD, TOLD, Priority.CRISIS)
    assert len(mails.to(mailbox(HEAD))) == 1
    await wait_through(deployment, 3)
    assert len(heard(deployment, HEAD)) == 1
    assert len(mails.to(mailbox(HEAD))) == 1


async def test_what_people_in_danger_are_told_of_is_called_urgent(deployment: Deployment, mails: MailServer) -> None:
    await has_mail(deployment, HEAD)
    await tell(deployment, HEAD, HazardReminder("RI01"), Priority.HAZARD)
    [mail] = mails.taken
    assert "有急件，请您马上看。" in mail.text


async def test_an_answer_to_a_press_is_said_in_full_or_not_at_all(deployment: Deployment, mails: MailServer) -> None:
    await deployment.enrol(HEAD)
    await has_mail(deployment, HEAD, DIRECTOR, first=True)
    for staff_id in (HEAD, DIRECTOR):
        await tell(deployment, staff_id, TOLD, Priority.ANSWER)
    assert len(heard(deployment, HEAD)) == 1
    assert mails.taken == []


async def test_what_is_said_as_it_stands_never_goes_out_by_mail(deployment: Deployment, mails: MailServer) -> None:
    await has_mail(deployment, HEAD)
    async with deployment.database.transaction() as session:
        outbox = deployment.work(session).outbox
        await outbox.to_staff(HEAD, say(Message("canary")))
        await outbox.to_chat(Address(MAIL, mailbox(HEAD)), say(Message("canary")))
    await deployment.settled()
    assert mails.taken  # that there was something
    assert not [mail for mail in mails.taken if "canary" in mail.all]
    assert set(await reasons_of_dead(deployment)) == {"no content may be said on mail"}


@pytest.mark.parametrize(("language", "says"), [("zh_Hant", "有急件，請您馬上看"), ("en", "Something urgent")])
async def test_a_mail_is_written_in_its_readers_language(
    deployment: Deployment, mails: MailServer, language: str, says: str
) -> None:
    await deployment.enrol(HEAD)
    await has_mail(deployment, HEAD)
    async with deployment.database.transaction() as session:
        (await session.get_one(Staff, HEAD)).language = language
    await tell(deployment, HEAD, HazardReminder("RI01"), Priority.CRISIS)  # also where it is said besides
    [mail] = mails.taken
    assert says in mail.text


async def test_what_is_about_colleagues_is_said_by_mail_in_full(
    without_telegram: Deployment, mails: MailServer
) -> None:
    await has_mail(without_telegram, DIRECTOR)
    await tell(without_telegram, DIRECTOR, ColleagueUnreachable("P14"))
    await tell(without_telegram, DIRECTOR, NotSaid())
    [colleague, not_said] = mails.taken
    assert "邢立" in colleague.text
    assert "没能发出来" in not_said.text
    assert "/queue" not in not_said.text


async def test_what_is_about_the_product_itself_is_said_by_mail_in_full(
    deployment: Deployment, mails: MailServer
) -> None:
    await has_mail(deployment, DIRECTOR)
    await tell(deployment, DIRECTOR, BackupFailed("DiskFull"))
    [mail] = mails.taken
    assert "DiskFull" in mail.text
