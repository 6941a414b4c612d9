"""The keys of a day are destroyed: what was sealed with them and still lies on the disk somewhere cannot be opened."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from handlers.resident.messages import DraftPreview
from models.complaints import Conversation
from models.delivery import OutboxRow
from models.rounds import County
from privacy.keyring import Keyring
from privacy.seal import SealBroken
from services.intake.conversation_store import load_conversation, purge_conversations
from services.outbox import outgoing_message, say, sealing_of
from services.retention.day_keys import destroy_day_keys
from tests.conftest import NOW, OpenWork
from tests.integration.resident.conftest import Phone
from texts.message import Message

DAY = timedelta(days=1)


async def keys_destroyed(open_work: OpenWork, after: timedelta) -> None:
    async with open_work(now=NOW + after) as work:
        await purge_conversations(work)
        await destroy_day_keys(work)


async def test_what_was_written_and_answered_on_a_day_is_noise_two_days_later(phone: Phone, keyring: Keyring) -> None:
    await phone.scan("V06")
    await phone.say("鱼塘的账不公开")
    async with phone.open_work() as work:
        await work.outbox.to_chat(phone.address, say(Message("收到了")))
    async with phone.open_work() as work:
        written = (await work.session.scalars(select(Conversation))).one()
        queued = (await work.session.scalars(select(OutboxRow))).one()
        assert outgoing_message(keyring, queued).kind == "say"
    await phone.press("send", phone.shown(DraftPreview).draft.draft_id)
    async with phone.open_work() as work:
        await work.session.execute(delete(OutboxRow))  # it has been sent
    await keys_destroyed(phone.open_work, DAY)
    assert keyring.days() == [NOW.date()]
    await keys_destroyed(phone.open_work, 2 * DAY)
    assert keyring.days() == []
    for key in (keyring.outbox, keyring.reply, keyring.round("R6").sealing, sealing_of(keyring, NOW.date())):
        for record, sealed in (
            (written.tag, written.sealed),
            (queued.record_id, queued.args),
            (queued.record_id, queued.address),
        ):
            with pytest.raises(SealBroken):
                key.open(record, sealed or b"")


async def test_a_draft_that_is_kept_for_longer_keeps_the_keys_of_its_day(phone: Phone, keyring: Keyring) -> None:
    async with phone.open_work() as work:
        kept = await work.session.get_one(County, 1)
        kept.settings = kept.settings | {"privacy": kept.settings.get("privacy", {}) | {"draft_ttl_hours": 100}}
    await phone.scan("V06")
    await phone.say("鱼塘的账不公开")
    await keys_destroyed(phone.open_work, 4 * DAY)
    async with phone.open_work(now=NOW + 4 * DAY) as work:
        draft = (await load_conversation(work, phone.address)).draft
        assert draft is not None
        assert draft.texts == ("鱼塘的账不公开",)
    await keys_destroyed(phone.open_work, 5 * DAY)
    assert keyring.days() == []


async def test_a_message_that_could_not_be_sent_for_days_can_still_be_sent(phone: Phone, keyring: Keyring) -> None:
    async with phone.open_work() as work:
        await work.outbox.to_chat(phone.address, say(Message("收到了")))
    await keys_destroyed(phone.open_work, 30 * DAY)
    async with phone.open_work(now=NOW + 30 * DAY) as work:
        queued = (await work.session.scalars(select(OutboxRow))).one()
        assert outgoing_message(keyring, queued).kind == "say"
        await work.session.execute(update(OutboxRow).values(state="dead"))
    await keys_destroyed(phone.open_work, 30 * DAY)
    assert NOW.date() not in keyring.days()
