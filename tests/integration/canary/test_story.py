"""The whole story of a complaint, and of all that may go beside it, leaves nothing of its reporter behind."""

import io
from pathlib import Path

from tests.deployment import TOKEN, Deployment
from tests.integration.canary.left import left_behind
from tests.integration.canary.needles import found_in, words
from tests.integration.canary.phones import received, wrongly_received
from tests.integration.canary.planted import ANYTHING, BETWEEN_COLLEAGUES, BETWEEN_THEM, CHAT, SAID_NEEDLES, TRACES
from tests.integration.canary.story import Canary


async def test_nothing_a_resident_is_or_says_can_be_found_afterwards(
    deployment: Deployment, tmp_path: Path, logs: io.StringIO
) -> None:
    canary = await Canary.begin(deployment)
    journey = canary.journey
    await canary.takes_a_complaint_back()
    await canary.drafts()
    files = await left_behind(deployment, tmp_path)
    assert len(files) >= 8
    assert found_in(files, [*ANYTHING, *canary.needles]) == []

    await canary.submits()
    await journey.member_claims_and_reads()
    await canary.member_notes()
    await journey.member_asks_and_resident_answers()
    await canary.comes_back_and_adds()
    await journey.member.press(f"1.case.open.{journey.case_id}")
    await deployment.settled()  # the press is answered before all that was said has come
    assert wrongly_received(journey, canary.needles) == []
    assert len(found_in(received(journey)["P06"], SAID_NEEDLES)) > len(SAID_NEEDLES), "the member was to read it"

    await canary.staff_find_and_take_along()
    await canary.leader_unmasks()
    await journey.member_accepts_and_verifies()
    await journey.leader_orders_a_fix()
    await journey.head_acknowledges_and_hands_in()
    await journey.team_passes_with("桥已修好。")
    await journey.office_clears()
    await canary.is_content()
    await canary.reaches_the_limits()
    await canary.staff_come_and_go()

    # A draft is open, an address may be kept, rows may be queued.
    files = await left_behind(deployment, tmp_path)
    assert found_in(files, [*ANYTHING, *canary.needles]) == []
    await canary.clears_the_chat_and_wants_to_be_forgotten()
    await deployment.stop()
    files = await left_behind(deployment, tmp_path)
    assert found_in(files, [*ANYTHING, *canary.needles]) == []

    assert wrongly_received(journey, canary.needles, unmasked=True) == []
    on_the_residents_phone = {str(number): one.data for number, one in enumerate(journey.simulator.received(CHAT))}
    assert found_in(on_the_residents_phone, BETWEEN_THEM)
    assert found_in(on_the_residents_phone, BETWEEN_COLLEAGUES) == []
    assert found_in(received(journey)["P05"], TRACES), "the leader was to read it"
    secrets = words(TOKEN.partition(":")[2])
    assert found_in({"the log": logs.getvalue().encode()}, [*ANYTHING, *canary.needles, *secrets]) == []
