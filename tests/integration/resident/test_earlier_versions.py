"""What a version before kept otherwise is dropped with a word to its writer, and breaks no chat."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from models.complaints import Conversation
from models.staff import OpenFormRow
from services.intake import conversation_store
from services.intake.drafts import ConversationState
from services.people.forms import OpenForm, open_form_of, save_form
from simulator.server import Simulator
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.story import PhoneUser

LOST = "写到一半的话读不出来了"


async def test_a_draft_of_an_earlier_version_is_dropped_with_a_word_to_its_writer(
    deployment: Deployment, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = conversation_store._packed

    def as_before(state: ConversationState, now: datetime) -> dict[str, Any]:
        kept = packed(state, now)
        return {**kept, "draft": kept["draft"] and {"pieces": 1}}

    resident = PhoneUser(simulator, simulator.add_person("resident"))
    with monkeypatch.context() as earlier:
        earlier.setattr(conversation_store, "_packed", as_before)
        simulator.scan(resident.person, await deployment.link("V02"))
        await resident.sees(lambda one: bool(one.buttons))
    said = resident.say("桥裂了")
    await resident.reads(LOST, after=said)
    async with deployment.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Conversation)) == 0
    simulator.scan(resident.person, await deployment.link("V02"))
    resident.say("桥裂了")
    await resident.previews("桥裂了")
    assert sum(LOST in one.text for one in simulator.messages(resident.chat)) == 1


async def test_a_file_for_a_draft_of_an_earlier_version_breaks_no_chat(
    deployment: Deployment, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    resident = PhoneUser(simulator, simulator.add_person("resident"))
    with monkeypatch.context() as earlier:
        earlier.setattr(conversation_store, "_packed", lambda _state, _now: {"stage": "writing"})
        simulator.scan(resident.person, await deployment.link("V02"))
        await resident.sees(lambda one: bool(one.buttons))
    sent = simulator.send_photo(resident.person, "1-bridge")
    await resident.reads(LOST, after=sent)


async def test_a_form_of_an_earlier_version_is_one_that_nothing_can_go_into(
    enrolled_county: None, open_work: OpenWork
) -> None:
    async with open_work() as work:
        await save_form(work, "P05", OpenForm("reason", "24681357", "why"))
        row = await work.session.get_one(OpenFormRow, "P05")
        row.sealed = work.keyring.outbox.seal_json("prompt:P05", {"stage": "why"})
    async with open_work() as work:
        form = await open_form_of(work, "P05")
        assert form is not None
        assert form.name == ""
