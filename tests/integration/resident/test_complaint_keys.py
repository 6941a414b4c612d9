"""What was taken back or is kept no longer is noise in every copy of it: the key of its complaint is destroyed."""

from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers.resident.messages import DraftPreview, ReceiptMessage
from models.complaints import Complaint, ComplaintMessage
from privacy.keyring import KeyDestroyed, Keyring
from privacy.receipt import Receipt
from privacy.seal import SealBroken
from services.cases.read_case import dialogue_of
from services.complaint_keys import destroy_complaint_keys
from services.intake.visit import Withdrawal, withdraw
from services.retention.erase import erase_cases
from tests.conftest import NOW, OpenWork
from tests.integration.resident.conftest import Phone, case_of, complaint_of

HOUR = timedelta(hours=1)


async def copied(open_work: OpenWork, receipt: Receipt) -> tuple[str, list[ComplaintMessage]]:
    """Return the id of a complaint with its messages, as a copy of the database or the blocks of a disk hold them."""
    async with open_work() as work:
        complaint = await complaint_of(work, receipt)
        query = select(ComplaintMessage).where(ComplaintMessage.complaint_id == complaint.id)
        return complaint.id, list(await work.session.scalars(query.order_by(ComplaintMessage.position)))


async def taken_back(open_work: OpenWork, complaint_id: str) -> None:
    async with open_work() as work:
        assert await withdraw(work, complaint_id) is Withdrawal.ERASED


async def ticks(open_work: OpenWork, hours: int) -> None:
    """Let the clock come by each hour."""
    for number in range(1, hours + 1):
        async with open_work(now=NOW + number * HOUR) as work:
            await destroy_complaint_keys(work)


def opens(keyring: Keyring, messages: list[ComplaintMessage]) -> bool:
    """Whether any of the messages opens with any key that there is."""
    keys = [
        keyring.round("R6").sealing,
        keyring.outbox,
        keyring.reply,
        *(keyring.day(day).sealing for day in keyring.days()),
    ]
    with suppress(KeyDestroyed):
        keys.append(keyring.complaint_key("R6", messages[0].complaint_id))
    for message in messages:
        for key in keys:
            try:
                key.open(message.id, message.sealed)
            except SealBroken:
                continue
            return True
    return False


async def test_of_what_was_taken_back_nothing_opens_any_more_after_some_hours(phone: Phone, keyring: Keyring) -> None:
    receipt, other = await phone.complain("V06", "鱼塘的账不公开"), await phone.complain("V06", "路灯不亮")
    (own, messages), (_, others) = await copied(phone.open_work, receipt), await copied(phone.open_work, other)
    await taken_back(phone.open_work, own)
    assert opens(keyring, messages)
    await ticks(phone.open_work, 5)
    assert not opens(keyring, messages)
    assert opens(keyring, others)
    async with phone.open_work() as work:
        assert (await work.session.get_one(Complaint, own)).key_ends is None


async def test_a_sheet_that_was_cut_short_keeps_no_other_key_from_being_destroyed_and_is_tried_again(
    phone: Phone, keyring: Keyring
) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开")
    own, messages = await copied(phone.open_work, receipt)
    await taken_back(phone.open_work, own)
    sheet = keyring.directory / "rounds" / "R6.sheet"
    whole = sheet.read_bytes()
    sheet.write_bytes(b"")
    await ticks(phone.open_work, 3)
    async with phone.open_work() as work:
        tried_again = (await work.session.get_one(Complaint, own)).key_ends
        assert tried_again is not None
        assert tried_again > NOW + 3 * HOUR
    sheet.write_bytes(whole)
    await ticks(phone.open_work, 9)
    assert not opens(keyring, messages)


async def test_nor_of_what_is_kept_no_longer(phone: Phone, keyring: Keyring) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开")
    _, messages = await copied(phone.open_work, receipt)
    async with phone.open_work() as work:
        await erase_cases(work, [(await case_of(work, receipt)).id])
    await ticks(phone.open_work, 5)
    assert not opens(keyring, messages)


async def test_nor_the_file_of_it(phone: Phone, keyring: Keyring) -> None:
    await phone.scan("V06")
    await phone.show("鱼塘")
    await phone.press("send", phone.shown(DraftPreview).draft.draft_id)
    own, [message] = await copied(phone.open_work, phone.shown(ReceiptMessage).submission.receipt)
    async with phone.open_work() as work:
        sealed = work.attachment_store.get(message.id)
    await taken_back(phone.open_work, own)
    await ticks(phone.open_work, 5)
    assert not opens(keyring, [message])  # in which the file's own key stands
    for key in (keyring.round("R6").sealing, keyring.outbox):
        with pytest.raises(SealBroken):
            key.open(message.id, sealed)


async def test_a_secret_that_another_complaint_shares_goes_with_that(
    phone: Phone, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = iter(["0a1b" + "1" * 28, "0a1b" + "2" * 28])
    monkeypatch.setattr(Keyring, "new_complaint_id", lambda _keyring, _round: next(ids))
    one, other = await phone.complain("V06", "鱼塘的账不公开"), await phone.complain("V06", "路灯不亮")
    (own, messages), (neighbour, others) = await copied(phone.open_work, one), await copied(phone.open_work, other)
    await taken_back(phone.open_work, own)
    await ticks(phone.open_work, 5)
    assert opens(keyring, others)
    await taken_back(phone.open_work, neighbour)
    await ticks(phone.open_work, 5)
    assert not opens(keyring, messages)
    assert not opens(keyring, others)


async def test_a_complaint_that_comes_meanwhile_never_loses_its_key(phone: Phone, keyring: Keyring) -> None:
    own, _ = await copied(phone.open_work, await phone.complain("V06", "鱼塘的账不公开"))
    await taken_back(phone.open_work, own)
    await ticks(phone.open_work, 2)
    assert keyring.sheet("R6").is_closed(own)  # no new one takes it from here on
    assert keyring.complaint_key("R6", own)  # and one that did before is stored by the next hour


async def test_in_an_old_copy_of_the_rows_what_was_taken_back_is_left_out(phone: Phone, keyring: Keyring) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开")
    own, _ = await copied(phone.open_work, receipt)
    keyring.sheet("R6").destroy(own)
    async with phone.open_work() as work:
        assert await dialogue_of(work, await case_of(work, receipt), "zh_Hans") == []
