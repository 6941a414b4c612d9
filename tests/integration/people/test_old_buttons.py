"""Buttons of an earlier version, and what no button of ours ever carried: answered, with the present card."""

import pytest

from simulator.chat_reader import SeenMessage
from tests.deployment import Deployment
from tests.journey import Journey
from tests.story import PhoneUser

OLD = pytest.mark.parametrize(
    "data", ["0.case.claim.1", "claim_17", "1.case", "2.case.open.12345678.x", "1.nothing.at.all"]
)


@pytest.fixture
async def journey(deployment: Deployment) -> Journey:
    """A complaint hangs on the board, and nobody has claimed it."""
    journey = await Journey.begin(deployment)
    await journey.resident_submits_with_a_photo()
    await journey.board.can_press("1.case.claim")
    return journey


async def press(phone: PhoneUser, message: SeenMessage, data: str) -> str:
    """Press with any data; return what is answered."""
    group = phone.chat if phone.chat != phone.person else None
    query = phone.simulator.press_data(phone.person, message.message_id, data, chat_id=group)
    return (await phone.simulator.wait_for_answer(query)).text


async def card_in_private(journey: Journey) -> SeenMessage:
    """Return the leader's own card of the case."""
    journey.leader.say("/queue")
    await journey.leader.press("1.queue.case")
    await journey.deployment.settled()
    return await journey.leader.can_press("1.case.claim")


@OLD
async def test_on_the_board_is_said_to_be_old_and_the_card_tells_how_things_are(journey: Journey, data: str) -> None:
    card = await journey.board.can_press("1.case.claim")
    await journey.board.press("1.case.claim")
    claimed = (await journey.board.sees(lambda one: one.message_id == card.message_id and one.text != card.text)).text
    assert "以前的" in await press(journey.board, card, data)
    await journey.deployment.settled()
    hangs = next(one for one in journey.simulator.messages(journey.board.chat) if one.message_id == card.message_id)
    assert hangs.text == claimed


@OLD
async def test_on_a_card_in_private_is_said_to_be_old_and_the_present_card_is_shown(
    journey: Journey, data: str
) -> None:
    card = await card_in_private(journey)
    edits = len(journey.simulator.calls("editMessageText", journey.leader.chat))
    assert "以前的" in await press(journey.leader, card, data)
    await journey.deployment.settled()
    assert len(journey.simulator.calls("editMessageText", journey.leader.chat)) == edits + 1
    assert (await journey.leader.can_press("1.case.claim")).message_id == card.message_id


async def test_of_an_action_that_is_there_no_more_is_answered_with_the_present_card(journey: Journey) -> None:
    card = await card_in_private(journey)
    case_id = next(one.data.split(".")[3] for row in card.buttons for one in row if one.data.startswith("1.case.open"))
    edits = len(journey.simulator.calls("editMessageText", journey.leader.chat))
    assert "不能用了" in await press(journey.leader, card, f"1.case.praise.{case_id}")
    await journey.deployment.settled()
    assert len(journey.simulator.calls("editMessageText", journey.leader.chat)) == edits + 1


@OLD
async def test_on_a_draft_is_said_to_be_old_and_the_draft_is_shown(deployment: Deployment, data: str) -> None:
    resident = PhoneUser(deployment.simulator, deployment.simulator.add_person("小满"))
    deployment.simulator.scan(resident.person, await deployment.link("V02"))
    resident.say("桥上的灯坏了")
    preview = await resident.can_press("1.r.send")
    assert "以前的" in await press(resident, preview, data)
    await resident.can_press("1.r.send", after=preview.message_id)


async def test_of_somebody_elses_case_shows_nothing_of_it(journey: Journey) -> None:
    stranger = PhoneUser(journey.simulator, journey.simulator.add_person("外人"))
    stranger.say("/help")
    hello = await stranger.sees(lambda one: True)
    assert "以前的" in await press(stranger, hello, "0.case.open.12345678")
    await journey.deployment.settled()
    assert stranger.last_id == hello.message_id
