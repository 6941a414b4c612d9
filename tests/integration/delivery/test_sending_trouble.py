"""The outbox on a bad day: nothing is said twice, nothing is lost, and no chat waits for ever."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import NoResultFound, OperationalError

from bot.product import Product
from bot.resources import utc_now
from channels.telegram.address import address_of
from models.address import Address
from models.delivery import OutboxRow, OutboxState
from models.rounds import Unit
from models.staff import Role, Staff, StaffRole
from services.delivery import marking
from services.delivery.delivery import Outcome
from services.delivery.retry import PATIENT_TRIES
from services.delivery.transport import Sent
from services.outbox import DeleteMessage, OutgoingMessage, say
from services.unit_of_work import UnitOfWork
from simulator.changes import WAIT_LIMIT_SECONDS
from tests.accounts import give_account
from tests.deployment import ZONE
from tests.integration.delivery.conftest import Installation, nothing, small_product
from tests.integration.delivery.test_sender import acquainted, emptied, enqueue, queued_rows, said
from tests.notices import a_notice
from tests.telegram import telegram_of
from texts.message import Message


async def enqueue_to(product: Product, chat: int, *outgoing_messages: OutgoingMessage) -> None:
    async with product.database.transaction() as session:
        work = UnitOfWork(session, utc_now(), product.keyring, product.attachment_store, ZONE)
        for one in outgoing_messages:
            await work.outbox.to_chat(address_of(chat), one)
    product.sender.wake()


async def dead(product: Product) -> list[str | None]:
    async with product.database.reading() as session:
        return list(await session.scalars(select(OutboxRow.reason).where(OutboxRow.state == OutboxState.DEAD)))


async def test_a_lease_that_ends_while_its_message_waits_doubles_nothing(installation: Installation) -> None:
    product = await installation.start(clock=installation.simulator.now)
    people = await acquainted(installation, product, "A", "B", "C")
    await emptied(product)
    faults = [installation.simulator.fail("sendMessage", kind="hold", chat_id=person) for person in people]
    await enqueue(product, *people, count=2)
    await installation.simulator.wait_until(lambda: all(fault.waiting for fault in faults) or None)
    installation.simulator.advance(600)
    product.time_moved()
    assert list(await product.sender.claim()) == []
    for fault in faults:
        installation.simulator.release(fault)
    await emptied(product)
    for person in people:
        assert said(installation.simulator, person) == ["heard hi", "hello 0", "hello 1"]


async def test_messages_taken_back_slowly_hold_up_nobody(installation: Installation) -> None:
    product = await installation.start()
    people = await acquainted(installation, product, *(f"P{number}" for number in range(20)))
    await emptied(product)
    fault = installation.simulator.fail("deleteMessage", kind="hold", times=20)
    async with product.database.transaction() as session:
        session.add_all(Staff(id=f"{one}", name="n", language="zh_Hans") for one in people)
        await session.flush()
        for one in people:
            await give_account(session, f"{one}", one)
        work = UnitOfWork(session, utc_now(), product.keyring, product.attachment_store, ZONE)
        for one in people:
            await work.outbox.to_staff(f"{one}", OutgoingMessage(DeleteMessage(1)))
    product.sender.wake()
    await installation.simulator.wait_until(lambda: fault.waiting == 20 or None)
    (other,) = await acquainted(installation, product, "Other")
    assert said(installation.simulator, other) == ["heard hi"]
    installation.simulator.release(fault)
    await emptied(product)


@pytest.mark.parametrize(("tries", "goes"), [(PATIENT_TRIES, False), (PATIENT_TRIES + 1, True)])
async def test_a_message_that_never_gets_through_does_not_hold_up_its_chat_for_ever(
    installation: Installation, tries: int, goes: bool
) -> None:
    product = small_product(installation.config, nothing)
    await enqueue_to(product, 7, say(Message("never")), say(Message("behind it")))
    async with product.database.transaction() as session:
        first = select(func.min(OutboxRow.id)).scalar_subquery()
        later = utc_now() + timedelta(minutes=5)
        waits = {"attempts": tries, "at_once": False, "not_before": later}
        await session.execute(update(OutboxRow).where(OutboxRow.id == first).values(**waits))
    assert bool(await product.sender.claim()) is goes
    await product.stop()


async def test_a_notice_that_cannot_be_made_is_dead_and_one_the_database_did_not_give_comes_later(
    installation: Installation,
) -> None:
    refusals = [ConnectionRefusedError()] * 3

    async def never(*_: Any) -> Message:
        raise NoResultFound

    async def at_last(*_: Any) -> Message:
        if refusals:
            raise refusals.pop()
        return Message("at last")

    product = await installation.start()
    (person,) = await acquainted(installation, product, "A")
    with a_notice("never", never) as first, a_notice("at_last", at_last) as second:
        await enqueue_to(product, person, OutgoingMessage(first), OutgoingMessage(second))
        await installation.simulator.wait_for_text(person, "at last")
        await emptied(product)
    assert await dead(product) == ["NoResultFound"]


async def test_a_message_to_what_is_no_address_is_dead_and_the_next_one_is_sent(installation: Installation) -> None:
    product = await installation.start()
    [person] = await acquainted(installation, product, "A")
    await emptied(product)
    async with product.database.transaction() as session:
        work = UnitOfWork(session, utc_now(), product.keyring, product.attachment_store, ZONE)
        await work.outbox.to_chat(Address("telegram", ""), say(Message("to nobody")))
    await enqueue_to(product, person, say(Message("to somebody")))
    await emptied(product)
    assert await dead(product) == ["ValueError"]
    assert said(installation.simulator, person)[-1] == "to somebody"


async def test_a_database_that_goes_away_while_a_message_is_sent_does_not_double_it(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = await installation.start(clock=installation.simulator.now)
    (person,) = await acquainted(installation, product, "A")
    await emptied(product)
    fault = installation.simulator.fail("sendMessage", kind="hold")
    await enqueue(product, person)
    await installation.simulator.wait_until(lambda: fault.waiting or None)
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
        installation.simulator.release(fault)
        async with asyncio.timeout(WAIT_LIMIT_SECONDS):
            await often.wait()
    installation.simulator.advance(600)
    product.time_moved()
    await emptied(product)
    assert said(installation.simulator, person) == ["heard hi", "hello 0"]


async def test_a_message_whose_mark_cannot_be_made_is_not_said_again_and_again(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = await installation.start()
    (person,) = await acquainted(installation, product, "A")
    await emptied(product)

    async def mistaken(*_: object) -> None:
        raise KeyError("a mistake")

    with monkeypatch.context() as mistake:
        mistake.setattr(marking, "_mark_arrived", mistaken)
        await enqueue(product, person)
        await emptied(product)
    assert await dead(product) == ["KeyError"]
    assert said(installation.simulator, person) == ["heard hi", "hello 0"]


async def test_a_row_that_is_called_off_while_it_is_sent_takes_no_other_with_it(installation: Installation) -> None:
    product = small_product(installation.config, nothing)
    await enqueue_to(product, 7, say(Message("called off")))
    [sent] = await product.sender.claim()
    async with product.database.transaction() as session:
        await session.execute(delete(OutboxRow))
    await enqueue_to(product, 7, say(Message("another")))  # on SQLite under the same number
    product.sender._outcomes.append(Outcome(sent, Sent(1)))
    [row] = await product.sender.claim()
    assert row.record_id != sent.record_id
    await product.stop()


async def test_one_mark_that_cannot_be_made_spoils_no_other(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = small_product(installation.config, nothing)
    for chat in (7, 8):
        await enqueue_to(product, chat, say(Message("hello")))
    first, second = await product.sender.claim()
    mark_arrived = marking._mark_arrived
    together: list[int] = []

    async def mistaken(work: UnitOfWork, outcomes: Sequence[Outcome]) -> None:
        together.append(len(outcomes))
        if any(outcome.row == first for outcome in outcomes):
            raise KeyError("a mistake")
        await mark_arrived(work, outcomes)

    monkeypatch.setattr(marking, "_mark_arrived", mistaken)
    product.sender._outcomes += [Outcome(row, Sent(1)) for row in (first, second)]
    for _ in range(2):
        await product.sender.claim()
    assert together[0] == 2
    assert await dead(product) == ["KeyError"]
    async with product.database.reading() as session:
        assert list(await session.scalars(select(OutboxRow.id))) == [first.id]
    await product.stop()


async def test_a_head_who_is_their_own_liaison_and_blocked_the_bot_is_not_tried_for_ever(
    installation: Installation,
) -> None:
    async def notice(*_: Any) -> Message:
        return Message("notice")

    product = await installation.start()
    (head,) = await acquainted(installation, product, "Head")
    async with product.database.transaction() as session:
        session.add(Unit(id="U1", name="unit"))
        session.add(Staff(id="head", name="head", language="zh_Hans"))
        await session.flush()
        await give_account(session, "head", head)
        for role in (Role.UNIT_HEAD, Role.LIAISON):
            session.add(StaffRole(staff_id="head", role=role, unit_id="U1", fields=[]))
    installation.simulator.block(head)
    with a_notice("notice", notice) as told:
        async with product.database.transaction() as session:
            work = UnitOfWork(session, utc_now(), product.keyring, product.attachment_store, ZONE)
            await work.outbox.to_staff("head", OutgoingMessage(told))
        product.sender.wake()
        await queued_rows(product, 0)
    assert len(await dead(product)) == 1


async def test_words_for_a_picture_that_was_to_be_changed_are_said_anew(installation: Installation) -> None:
    product = await installation.start()
    (person,) = await acquainted(installation, product, "A")
    content = BytesIO()
    Image.new("RGB", (20, 20)).save(content, "JPEG")
    picture = await telegram_of(product).bot.send_photo(person, content.getvalue())
    await enqueue_to(product, person, say(Message("seen"), edit=picture.message_id))
    await installation.simulator.wait_for_text(person, "seen")
    assert await dead(product) == []
