"""A lead on phones: the leader writes it, the director agrees unread, the contact opens it and gives a code."""

from models.states import CaseState
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.cases.test_leads import CONTACT, DIRECTOR, LEADER, SAID, SUMMARY
from tests.integration.cases.test_transfers_on_phones import state_of, the_transfer
from tests.integration.web.desk import laid
from tests.story import PhoneUser


@ONLY_SQLITE
async def test_a_lead_goes_sealed_to_its_contact_and_a_code_comes_back(deployment: Deployment) -> None:
    phones = deployment.simulator
    people = await deployment.enrol(LEADER, DIRECTOR, CONTACT)
    leader, director, contact = [PhoneUser(phones, one) for one in people]
    case_id = await laid(deployment, SAID, state=CaseState.VERIFYING, category="procurement_corruption")
    leader.say("/queue")
    await leader.press(f"1.queue.case.{case_id}")
    await leader.press(f"1.transfer.transfer.{case_id}")
    first = await leader.can_press("1.form.choose.transfer_case-department")
    turn = next(one.data for row in first.buttons for one in row if ".page-" in (one.data or ""))
    await leader.press(turn)
    second = await leader.sees(lambda one: "县纪委监委" in str(one.buttons))
    organ = next(one.data for row in second.buttons for one in row if "县纪委监委" in one.text)
    await leader.press(organ)
    await leader.reads("请用自己的话写给县纪委监委的问题摘要")
    leader.say(SUMMARY)
    await leader.reads("主任看不到摘要")
    await leader.press("1.form.send.transfer_case")
    await deployment.settled()
    lead = await the_transfer(deployment)
    await director.reads("您看不到")
    await director.press(f"1.transfer.approve.{lead.id}")
    await director.reads("封存移交")
    assert await state_of(deployment, case_id) == CaseState.TRANSFERRED
    await contact.press(f"1.transfer.open.{lead.id}")
    await contact.reads(SUMMARY)
    await contact.press(f"1.transfer.sign.{lead.id}")
    await contact.press(f"1.transfer.outcomes.{lead.id}")
    await contact.press(f"1.transfer.give_outcome.{lead.id}.filed")
    await contact.reads("处置结果已记下")
    assert await state_of(deployment, case_id) == CaseState.ANSWERED
    director.say("/leads")
    await director.reads("立案 1 件")
    await deployment.settled()
    seen = "\n".join(one.text for one in phones.messages(director.person) if one.from_bot)
    assert "围标" not in seen
    assert case_id not in seen
