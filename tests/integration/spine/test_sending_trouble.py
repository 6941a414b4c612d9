"""The outbox on a bad day: nothing is said twice, nothing is lost, and no chat waits for ever."""

import asyncio
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select, update
from sqlalchemy.exc import NoResultFound, OperationalError

from bot.product import Product, utc_now
from bot.sender import PATIENT_TRIES
from channels.telegram.address import address_of
from handlers.notices import RENDERERS
from models.delivery import OutboxRow, OutboxState
from models.rounds import Unit
from models.staff import Role, Staff, StaffRole
from services.outbox import OutgoingMessage, say
from services.unit_of_work import UnitOfWork
from simulator.changes import WAIT_LIMIT_SECONDS
from tests.accounts import give_account
from tests.house import ZONE
from tests.integration.spine.conftest import Spine, any_file, nothing
from tests.integration.spine.test_sender import acquainted, emptied, owe, owed_rows, said
from texts.message import Message


async def order(product: Product, chat: int, *orders: OutgoingMessage) -> None:
    async with product.database.transaction() as session:
        work = UnitOfWork(session, utc_now(), product.keyring, product.vault, ZONE)
        for one in orders:
            await work.outbox.to_chat(address_of(chat), one)
    product.sender.wake()


async def dead(product: Product) -> list[str | None]:
    async with product.database.reading() as session:
        return list(await session.scalars(select(OutboxRow.reason).where(OutboxRow.state == OutboxState.DEAD)))


async def test_a_lease_that_ends_while_its_message_waits_doubles_nothing(spine: Spine) -> None:
    product = await spine.start(clock=spine.simulator.now)
    people = await acquainted(spine, product, "A", "B", "C")
    await emptied(product)
    faults = [spine.simulator.fail("sendMessage", kind="hold", chat_id=person) for person in people]
    await owe(product, *people, count=2)
    await spine.simulator.wait_until(lambda: all(fault.waiting for fault in faults) or None)
    spine.simulator.advance(600)
    product.time_moved()
    assert list(await product.sender.claim()) == []
    for fault in faults:
        spine.simulator.release(fault)
    await emptied(product)
    for person in people:
        assert said(spine.simulator, person) == ["heard hi", "hello 0", "hello 1"]


async def test_messages_taken_back_slowly_hold_up_nobody(spine: Spine) -> None:
    product = await spine.start()
    people = await acquainted(spine, product, *(f"P{number}" for number in range(20)))
    await emptied(product)
    fault = spine.simulator.fail("deleteMessage", kind="hold", times=20)
    async with product.database.transaction() as session:
        session.add_all(Staff(id=f"{one}", name="n", language="zh_Hans") for one in people)
        await session.flush()
        for one in people:
            await give_account(session, f"{one}", one)
        work = UnitOfWork(session, utc_now(), product.keyring, product.vault, ZONE)
        for one in people:
            await work.outbox.to_staff(f"{one}", OutgoingMessage("delete", {"message_id": 1}))
    product.sender.wake()
    await spine.simulator.wait_until(lambda: fault.waiting == 20 or None)
    (other,) = await acquainted(spine, product, "Other")
    assert said(spine.simulator, other) == ["heard hi"]
    spine.simulator.release(fault)
    await emptied(product)


@pytest.mark.parametrize(("tries", "goes"), [(PATIENT_TRIES, False), (PATIENT_TRIES + 1, True)])
async def test_a_message_that_never_gets_through_does_not_hold_up_its_chat_for_ever(
    spine: Spine, tries: int, goes: bool
) -> None:
    product = Product(spine.plan, nothing, any_file, ())
    await order(product, 7, say(Message("never")), say(Message("behind it")))
    async with product.database.transaction() as session:
        first = select(func.min(OutboxRow.id)).scalar_subquery()
        later = utc_now() + timedelta(minutes=5)
        await session.execute(update(OutboxRow).where(OutboxRow.id == first).values(attempts=tries, not_before=later))
    assert bool(await product.sender.claim()) is goes
    await product.stop()


async def test_a_notice_that_cannot_be_made_is_dead_and_one_the_database_did_not_give_comes_later(
    spine: Spine, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals = [ConnectionRefusedError()] * 3

    async def never(*_: Any) -> Message:
        raise NoResultFound

    async def at_last(*_: Any) -> Message:
        if refusals:
            raise refusals.pop()
        return Message("at last")

    monkeypatch.setitem(RENDERERS, "never", never)
    monkeypatch.setitem(RENDERERS, "at_last", at_last)
    product = await spine.start()
    (person,) = await acquainted(spine, product, "A")
    await order(product, person, OutgoingMessage("never", {}), OutgoingMessage("at_last", {}))
    await spine.simulator.wait_for_text(person, "at last")
    await emptied(product)
    assert await dead(product) == ["NoResultFound"]


async def test_a_database_that_goes_away_while_a_message_is_sent_does_not_double_it(
    spine: Spine, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = await spine.start(clock=spine.simulator.now)
    (person,) = await acquainted(spine, product, "A")
    await emptied(product)
    fault = spine.simulator.fail("sendMessage", kind="hold")
    await owe(product, person)
    await spine.simulator.wait_until(lambda: fault.waiting or None)
    refused = 0
    often = asyncio.Event()

    def refuse(**_: object) -> Any:
        nonlocal refused
        refused += 1
        if refused > 3:
            often.set()
        raise OperationalError("BEGIN", {}, Exception("the database is away"))

    with monkeypatch.context() as away:
        away.setattr(product.database, "transaction", refuse)
        spine.simulator.release(fault)
        async with asyncio.timeout(WAIT_LIMIT_SECONDS):
            await often.wait()
    spine.simulator.advance(600)
    product.time_moved()
    await emptied(product)
    assert said(spine.simulator, person) == ["heard hi", "hello 0"]


async def test_a_message_whose_mark_cannot_be_made_is_not_said_again_and_again(
    spine: Spine, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = await spine.start()
    (person,) = await acquainted(spine, product, "A")
    await emptied(product)

    async def mistaken(*_: object) -> None:
        raise KeyError("a mistake")

    monkeypatch.setattr(product.sender, "_sent", mistaken)
    await owe(product, person)
    await emptied(product)
    assert await dead(product) == ["KeyError"]
    assert said(spine.simulator, person) == ["heard hi", "hello 0"]


async def test_a_head_who_is_their_own_liaison_and_blocked_the_bot_is_not_tried_for_ever(
    spine: Spine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def notice(*_: Any) -> Message:
        return Message("notice")

    monkeypatch.setitem(RENDERERS, "notice", notice)
    product = await spine.start()
    (head,) = await acquainted(spine, product, "Head")
    async with product.database.transaction() as session:
        session.add(Unit(id="U1", name="unit"))
        session.add(Staff(id="head", name="head", language="zh_Hans"))
        await session.flush()
        await give_account(session, "head", head)
        for role in (Role.UNIT_HEAD, Role.LIAISON):
            session.add(StaffRole(staff_id="head", role=role, unit_id="U1", fields=[]))
    spine.simulator.block(head)
    async with product.database.transaction() as session:
        work = UnitOfWork(session, utc_now(), product.keyring, product.vault, ZONE)
        await work.outbox.to_staff("head", OutgoingMessage("notice", {}))
    product.sender.wake()
    await owed_rows(product, 0)
    assert len(await dead(product)) == 1


async def test_words_for_a_picture_that_was_to_be_changed_are_said_anew(spine: Spine) -> None:
    product = await spine.start()
    (person,) = await acquainted(spine, product, "A")
    content = BytesIO()
    Image.new("RGB", (20, 20)).save(content, "JPEG")
    picture = await product.bot.send_photo(person, content.getvalue())
    await order(product, person, say(Message("seen"), edit=picture.message_id))
    await spine.simulator.wait_for_text(person, "seen")
    assert await dead(product) == []
