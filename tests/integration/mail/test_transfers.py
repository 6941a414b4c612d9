"""A department hears by mail that something waits, and nothing of what it is about."""

from tests.deployment import Deployment
from tests.integration.cases.test_transfers import CONTACT, LEADER, SUMMARY
from tests.integration.cases.test_transfers_on_phones import FORBIDDEN, passed_on_by_chat
from tests.integration.mail.people import has_mail, mailbox
from tests.mail import MailServer
from tests.story import PhoneUser


async def test_a_mail_to_a_department_says_that_something_waits(deployment: Deployment, mails: MailServer) -> None:
    [leader] = await deployment.enrol(LEADER)
    await has_mail(deployment, CONTACT, first=True)
    case_id = await passed_on_by_chat(deployment, PhoneUser(deployment.simulator, leader))
    [mail] = mails.to(mailbox(CONTACT))
    assert "有移交件等您看" in mail.text
    assert [needle for needle in (*FORBIDDEN, SUMMARY, case_id, "道路", "YJ") if needle in mail.all] == []
