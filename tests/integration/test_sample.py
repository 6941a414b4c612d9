"""The sample county, played on phones: each complaint that came by Telegram ends where its `expected` says.

Those of other channels take the same conversation without a messenger, in tests/integration/resident.
"""

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from models.complaints import Case, CaseComplaint, Complaint, ComplaintMessage, MessageKind
from models.desk import Desk
from privacy.receipt import digest
from tests.deployment import Deployment
from tests.sample import SAMPLE
from tests.story import PhoneUser, receipt_in

COUNTY: dict[str, Any] = json.loads(SAMPLE.read_text(encoding="utf-8"))
BY_TELEGRAM = [complaint for complaint in COUNTY["complaints"] if complaint["channel"] == "telegram"]
STAFF = ("P05", "P06", "P07", "P08", "P09", "P10", "P11", "P12", "P13")


async def submit(deployment: Deployment, complaint: dict[str, Any]) -> tuple[Case, int]:
    """Scan, say, show and send; return the case it became, and how many photos it keeps."""
    resident = PhoneUser(deployment.simulator, deployment.simulator.add_person(f"reporter of {complaint['id']}"))
    deployment.simulator.scan(resident.person, deployment.link_of(complaint["qr_token"]))
    await resident.sees(lambda one: bool(one.buttons))
    resident.say(complaint["text"])
    await resident.can_press("1.r.send")
    files = 0
    for attachment in complaint["attachments"]:
        for _ in range(attachment["n"]):
            deployment.simulator.send_photo(resident.person, "1-bridge")
            files += 1
            await resident.previews(f"录音等 {files} 份")
    await resident.press("1.r.send")
    found = receipt_in(await resident.sees(lambda one: receipt_in(one) is not None))
    assert found is not None
    async with deployment.database.reading() as session:
        query = (
            select(Case, Complaint.id)
            .join(CaseComplaint, CaseComplaint.case_id == Case.id)
            .join(Complaint, Complaint.id == CaseComplaint.complaint_id)
            .where(Complaint.receipt_digest == digest(found[0], deployment.keyring.receipt_secret))
        )
        case, complaint_id = (await session.execute(query)).one()
        photos = await session.scalars(
            select(ComplaintMessage.id).where(
                ComplaintMessage.complaint_id == complaint_id, ComplaintMessage.kind == MessageKind.PHOTO
            )
        )
        return case, len(list(photos))


async def test_each_complaint_reaches_its_team_and_nobody_who_is_shut_out(deployment: Deployment) -> None:
    await deployment.enrol(*STAFF)
    for complaint in BY_TELEGRAM:
        case, photos = await submit(deployment, complaint)
        should = complaint["expected"]
        name = complaint["id"]
        assert case.team_id == should["team"], name
        assert case.desk == Desk.team(should["team"]), name
        assert should["restricted_to"] is None, name
        assert case.category in should["categories"], name
        assert case.hazard == (should["urgency"] == "emergency"), name
        assert photos == sum(attachment["n"] for attachment in complaint["attachments"]), name

        members = [person["id"] for person in COUNTY["people"] if person.get("team") == should["team"]]
        entitled = [member for member in members if member not in should["hidden_from"]]
        for member in entitled:
            await PhoneUser(deployment.simulator, deployment.staff[member]).reads(case.id)
        for other in set(STAFF) - set(entitled):
            heard = deployment.simulator.received(deployment.staff[other])
            assert not any(case.id.encode() in one.data for one in heard), f"{other} heard of {name}"


async def test_the_office_hears_on_monday_of_the_items_that_are_late_since_sunday(deployment: Deployment) -> None:
    await deployment.enrol("P03")
    office = PhoneUser(deployment.simulator, deployment.staff["P03"])
    await deployment.simulator.wait_taken()
    product = deployment.product
    assert product is not None
    await product.clock.tick()  # 2026-11-22 is a Sunday: what is due waits for working hours
    deployment.simulator.advance(timedelta(days=1).total_seconds())
    digest_message = await office.reads("今天的整改提醒")
    for late in ("RI01", "RI03", "RI04", "RI07"):  # RI03 waits for its review
        assert late in digest_message.text
    for not_due in ("RI02", "RI05", "RI06", "RI08"):
        assert not_due not in digest_message.text
    await office.can_press("1.item.give.RI07.red")
    await office.can_press("1.item.give.RI04.yellow")
