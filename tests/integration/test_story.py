"""The whole road once: scan, say, claim, ask, answer, order, hand in, pass, clear, read the result."""

from tests.deployment import Deployment
from tests.journey import SAID, Journey


async def test_a_complaint_becomes_an_item_is_fixed_and_its_reporter_reads_so_by_receipt_code(
    deployment: Deployment,
) -> None:
    journey = await Journey.begin(deployment)
    await journey.resident_submits_with_a_photo()
    await journey.member_claims_and_reads()
    await journey.member_asks_and_resident_answers()
    await journey.member_accepts_and_verifies()
    await journey.leader_orders_a_fix()
    await journey.head_acknowledges_and_hands_in()
    await journey.team_passes_with("桥已重建,护栏装好,车和人都能走了。")
    await journey.office_clears()

    read = await journey.resident_reads_by_code_from_another_phone()
    assert "桥已重建,护栏装好,车和人都能走了。" in read.text

    everything_the_head_got = journey.head.simulator.received(journey.head.person)
    assert not any(SAID in str(one) for one in everything_the_head_got)


async def test_from_the_scan_to_the_receipt_it_takes_three_taps_with_the_message_included(
    deployment: Deployment,
) -> None:
    journey = await Journey.begin(deployment)
    resident = journey.resident
    taps = 0
    journey.simulator.scan(resident.person, await deployment.link("V02"))
    taps += 1
    await resident.sees(lambda one: bool(one.buttons))
    resident.say(SAID)
    taps += 1
    await resident.press("1.r.send")
    taps += 1
    await journey.receipt()
    assert taps <= 3
