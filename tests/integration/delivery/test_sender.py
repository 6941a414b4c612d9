"""The outbox: everything queued arrives, in order, and what cannot arrive is told."""

import asyncio

from sqlalchemy import func, select

import handlers.people.alerts  # noqa: F401 (its notices register themselves)
from bot.product import Product
from bot.resources import utc_now
from channels.telegram.address import address_of
from models.base import coarse
from models.delivery import OutboxRow, OutboxState
from models.message_key import MessageKey, Shows
from models.recipient import RESIDENT, Recipient
from models.rounds import Round, Team, Unit
from models.staff import Role, Staff, StaffAddress, StaffRole
from models.states import RoundState
from services.outbox import OutgoingMessage, Priority, say
from services.people.notices import BoardLost
from services.unit_of_work import UnitOfWork
from simulator.server import Simulator
from tests.accounts import give_account, take_account
from tests.conftest import NOW
from tests.deployment import ZONE
from tests.integration.delivery.conftest import Installation, nothing, small_product
from tests.statements import statements
from tests.telegram import telegram_of
from tests.waiting import idle
from texts.message import Message

ROUND = {
    "id": "R1",
    "name": "r",
    "theme": "t",
    "state": RoundState.STATIONED,
    "stay_from": NOW.date(),
    "stay_until": NOW.date(),
    "intake_until": NOW.date(),
    "notice": {},
    "public_key": "age1",
}


async def enqueue(product: Product, *people: int, text: str = "hello", count: int = 1) -> None:
    """Queue messages to chats."""
    async with product.database.transaction() as session:
        work = UnitOfWork(session, utc_now(), product.keyring, product.attachment_store, ZONE)
        for number in range(count):
            for person in people:
                await work.outbox.to_chat(address_of(person), say(Message(f"{text} {number}")))
    product.sender.wake()


async def queued(product: Product, kind: str | None = None) -> int:
    query = select(func.count()).select_from(OutboxRow).where(OutboxRow.state == OutboxState.QUEUED)
    async with product.database.reading() as session:
        return int(await session.scalar(query if kind is None else query.where(OutboxRow.kind == kind)) or 0)


async def queued_rows(product: Product, number: int, kind: str | None = None) -> None:
    """Wait until the product is idle: so many messages are queued then, none of them due."""
    await idle(product)
    assert await queued(product, kind) == number


async def tries_to_delete(product: Product) -> int:
    """Return how often the one deletion that is queued was tried."""
    async with product.database.reading() as session:
        return (await session.scalars(select(OutboxRow.attempts).where(OutboxRow.kind == "delete"))).one()


async def emptied(product: Product) -> None:
    """Wait until nothing is queued any more."""
    await queued_rows(product, 0)


def said(simulator: Simulator, chat: int) -> list[str]:
    return [one.text for one in simulator.messages(chat) if one.from_bot]


async def acquainted(installation: Installation, product: Product, *names: str) -> list[int]:
    """People who have written to the bot, so that it may write to them."""
    people = [installation.simulator.add_person(name) for name in names]
    for person in people:
        installation.simulator.send_text(person, "hi")
        await installation.simulator.wait_for_text(person, "heard hi")
    return people


async def test_each_chat_gets_its_messages_in_order_whatever_fails(installation: Installation) -> None:
    product = await installation.start()
    people = await acquainted(installation, product, "A", "B", "C")
    installation.simulator.fail("sendMessage", kind="error", times=3, status=502, description="Bad Gateway")
    installation.simulator.fail("sendMessage", kind="drop", times=2)
    installation.simulator.fail("sendMessage", kind="error", times=2, status=500, description="Internal Server Error")
    await enqueue(product, *people, count=6)
    for person in people:
        await installation.simulator.wait_for_text(person, "hello 5")
    for person in people:
        assert list(dict.fromkeys(said(installation.simulator, person))) == [
            "heard hi",
            *(f"hello {n}" for n in range(6)),
        ]


async def test_after_429_nobody_sends_until_the_time_is_over(installation: Installation) -> None:
    product = await installation.start()
    people = await acquainted(installation, product, "A", "B", "C", "D")
    installation.simulator.fail("sendMessage", kind="error", times=4, status=429, retry_after=1)
    await enqueue(product, *people, count=2)
    for person in people:
        await installation.simulator.wait_for_text(person, "hello 1")
    for person in people:
        assert said(installation.simulator, person) == ["heard hi", "hello 0", "hello 1"]


async def test_a_sent_message_leaves_no_row(installation: Installation) -> None:
    product = await installation.start()
    (person,) = await acquainted(installation, product, "A")
    await enqueue(product, person)
    await installation.simulator.wait_for_text(person, "hello 0")
    await emptied(product)
    async with product.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(OutboxRow)) == 0


async def test_a_resident_who_blocked_the_bot_costs_nobody_else_anything(installation: Installation) -> None:
    product = await installation.start()
    blocked, other = await acquainted(installation, product, "A", "B")
    installation.simulator.block(blocked)
    await enqueue(product, blocked, other)
    await installation.simulator.wait_for_text(other, "hello 0")
    await emptied(product)
    async with product.database.reading() as session:
        dead = (await session.scalars(select(OutboxRow).where(OutboxRow.state == OutboxState.DEAD))).one()
    assert dead.args is None
    assert dead.address is None
    assert dead.lane == "closed"
    assert dead.recipient == RESIDENT
    assert dead.not_before == coarse(dead.not_before)


async def test_a_message_telegram_refuses_is_dead_with_its_reason_and_the_next_one_goes(
    installation: Installation,
) -> None:
    product = await installation.start()
    (person,) = await acquainted(installation, product, "A")
    async with product.database.transaction() as session:
        work = UnitOfWork(session, utc_now(), product.keyring, product.attachment_store, ZONE)
        await work.outbox.to_chat(address_of(person), say(Message("<b>not closed")))
        await work.outbox.to_chat(address_of(person), say(Message("fine")))
    product.sender.wake()
    await installation.simulator.wait_for_text(person, "fine")
    await emptied(product)
    async with product.database.reading() as session:
        dead = (await session.scalars(select(OutboxRow).where(OutboxRow.state == OutboxState.DEAD))).one()
    assert "parse entities" in (dead.reason or "")


async def enter_staff(product: Product, head: int | None, liaison: int | None, clerk: int | None) -> None:
    async with product.database.transaction() as session:
        session.add(Unit(id="U1", name="unit"))
        session.add_all(Staff(id=name, name=name, language="zh_Hans") for name in ("head", "liaison", "clerk"))
        await session.flush()
        for name, chat in (("head", head), ("liaison", liaison), ("clerk", clerk)):
            if chat is not None:
                await give_account(session, name, chat)
        session.add(StaffRole(staff_id="head", role=Role.UNIT_HEAD, unit_id="U1", fields=[]))
        session.add(StaffRole(staff_id="liaison", role=Role.LIAISON, unit_id="U1", fields=[]))
        session.add(StaffRole(staff_id="clerk", role=Role.OFFICE_STAFF, fields=[]))


async def tell_head(product: Product) -> None:
    async with product.database.transaction() as session:
        work = UnitOfWork(session, utc_now(), product.keyring, product.attachment_store, ZONE)
        await work.outbox.to_staff("head", OutgoingMessage(BoardLost("T1")))
    product.sender.wake()


async def enter_team(product: Product, group: int) -> None:
    async with product.database.transaction() as session:
        session.add(Round(**ROUND))
        await session.flush()
        session.add(Team(id="T1", round_id="R1", name="team one", board_address=address_of(group)))


async def test_a_head_who_blocked_the_bot_is_told_through_the_liaison_and_the_office_hears_of_it(
    installation: Installation,
) -> None:
    product = await installation.start()
    head, liaison, clerk = await acquainted(installation, product, "Head", "Liaison", "Clerk")
    await enter_staff(product, head, liaison, clerk)
    await enter_team(product, -1)
    installation.simulator.block(head)
    await tell_head(product)
    await installation.simulator.wait_for_text(liaison, "team one")
    await installation.simulator.wait_for_text(clerk, "收不到巡声的消息")
    async with product.database.reading() as session:
        account = await session.get_one(StaffAddress, address_of(head))
    assert account.unreachable_since is not None

    installation.simulator.unblock(head)
    installation.simulator.send_text(head, "back")
    await installation.simulator.wait_for_text(head, "heard back")
    async with product.database.reading() as session:
        account = await session.get_one(StaffAddress, address_of(head))
    assert account.unreachable_since is None


async def test_a_group_that_became_a_supergroup_gets_its_messages_there(installation: Installation) -> None:
    product = await installation.start()
    member = installation.simulator.add_person("M")
    group = installation.simulator.add_group("team", [member])
    installation.simulator.add_bot(group, by=member)
    await enter_team(product, group)
    moved = installation.simulator.migrate(group)
    async with product.database.transaction() as session:
        work = UnitOfWork(session, utc_now(), product.keyring, product.attachment_store, ZONE)
        await work.outbox.to_board("T1", say(Message("card one")))
        await work.outbox.to_board("T1", say(Message("card two")))
    product.sender.wake()
    await installation.simulator.wait_for_text(moved, "card two")
    async with product.database.reading() as session:
        team = await session.get(Team, "T1")
    assert team is not None
    assert team.board_address == address_of(moved)


async def test_a_card_is_changed_where_it_hangs_and_hung_anew_when_it_is_gone(installation: Installation) -> None:
    product = await installation.start()
    (person,) = await acquainted(installation, product, "A")
    await enter_staff(product, person, None, None)

    async def show(text: str) -> None:
        async with product.database.transaction() as session:
            work = UnitOfWork(session, utc_now(), product.keyring, product.attachment_store, ZONE)
            await work.outbox.to_staff(
                "head", say(Message(text), key=MessageKey(Shows.CARD, "1", Recipient.staff("head")))
            )
        product.sender.wake()

    await show("first")
    await installation.simulator.wait_for_text(person, "first")
    await emptied(product)
    with statements(product) as made:
        await show("second")
        seen = await installation.simulator.wait_for_text(person, "second")
        await emptied(product)
    assert not [one for one in made if "sent_messages" in one and not one.startswith("SELECT")]  # it stands as it stood
    assert said(installation.simulator, person) == ["heard hi", "second"]
    await show("second")
    await emptied(product)
    await telegram_of(product).bot.delete_message(person, seen.message_id)
    await show("third")
    await installation.simulator.wait_for_text(person, "third")


async def start_on_simulated_time(installation: Installation) -> Product:
    """Start a product whose clock is moved with the simulator's."""
    product = await installation.start(clock=installation.simulator.now)
    installation.simulator.on_clock_change(lambda _moment: product.time_moved())
    return product


async def tell_for_a_day(installation: Installation, product: Product, *staff: str) -> None:
    """Queue a text for people on the staff that is taken back after a day."""
    async with product.database.transaction() as session:
        work = UnitOfWork(session, installation.simulator.now(), product.keyring, product.attachment_store, ZONE)
        for name in staff:
            await work.outbox.to_staff(name, say(Message("secret", protect=True), delete_after_hours=24))
    product.sender.wake()


async def reader_of_a_text_for_a_day(installation: Installation) -> tuple[Product, int, int]:
    """Return a product, a head who has read a text that is taken back after a day, and a clerk."""
    product = await start_on_simulated_time(installation)
    reader, clerk = await acquainted(installation, product, "Reader", "Clerk")
    await enter_staff(product, reader, None, clerk)
    await tell_for_a_day(installation, product, "head")
    await installation.simulator.wait_for_text(reader, "secret")
    await queued_rows(product, 1, "delete")
    return product, reader, clerk


async def test_a_text_for_a_day_is_taken_back(installation: Installation) -> None:
    product = await start_on_simulated_time(installation)
    (person,) = await acquainted(installation, product, "A")
    await enter_staff(product, person, None, None)
    await tell_for_a_day(installation, product, "head")
    assert (await installation.simulator.wait_for_text(person, "secret")).protected
    await queued_rows(product, 1, "delete")
    installation.simulator.advance(25 * 3600)
    await queued_rows(product, 0)
    assert said(installation.simulator, person) == ["heard hi"]


async def test_a_text_for_a_day_is_taken_back_from_the_account_that_got_it(installation: Installation) -> None:
    product = await start_on_simulated_time(installation)
    lost, found, left = await acquainted(installation, product, "Lost", "Found", "Left")
    await enter_staff(product, lost, left, None)
    await tell_for_a_day(installation, product, "head", "liaison")
    for person in (lost, left):
        await installation.simulator.wait_for_text(person, "secret")
    await queued_rows(product, 2, "delete")
    async with product.database.transaction() as session:
        await give_account(session, "head", found)
        (await session.get_one(Staff, "liaison")).left_at = installation.simulator.now()
    installation.simulator.advance(25 * 3600)
    await queued_rows(product, 0)
    for person in (lost, left):
        assert said(installation.simulator, person) == ["heard hi"]


async def test_a_text_whose_reader_blocked_the_bot_is_taken_back_as_soon_as_they_are_there_again(
    installation: Installation,
) -> None:
    product, reader, clerk = await reader_of_a_text_for_a_day(installation)
    installation.simulator.block(reader)
    installation.simulator.advance(25 * 3600)
    await installation.simulator.wait_for_text(clerk, "收不到巡声的消息")
    assert "secret" in said(installation.simulator, reader)
    installation.simulator.unblock(reader)
    installation.simulator.send_text(reader, "back")
    await installation.simulator.wait_for_text(reader, "heard back")
    await queued_rows(product, 0)
    assert said(installation.simulator, reader) == ["heard hi", "heard back"]


async def test_the_office_hears_once_that_a_text_stays_with_somebody_who_is_gone(installation: Installation) -> None:
    product, reader, clerk = await reader_of_a_text_for_a_day(installation)
    async with product.database.transaction() as session:
        await take_account(session, "head")
    installation.simulator.block(reader)
    installation.simulator.advance(25 * 3600)
    await installation.simulator.wait_for_text(clerk, "收不到巡声的消息")
    installation.simulator.advance(3601)
    async with asyncio.timeout(20):
        while await tries_to_delete(product) < 2:
            await asyncio.sleep(0)
    await queued_rows(product, 0, "staff_unreachable")
    assert len([text for text in said(installation.simulator, clerk) if "收不到巡声的消息" in text]) == 1


async def test_one_who_waits_for_an_answer_goes_before_reminders(installation: Installation) -> None:
    product = small_product(installation.config, nothing)
    async with product.database.transaction() as session:
        work = UnitOfWork(session, utc_now(), product.keyring, product.attachment_store, ZONE)
        for number in range(40):
            await work.outbox.to_staff(f"P{number}", say(Message("reminder")), priority=Priority.REMINDER)
        await work.outbox.to_chat(address_of(7), say(Message("answer")))
    rows = await product.sender.claim()
    assert rows[0].priority == Priority.ANSWER
    await product.stop()


async def test_no_two_claims_get_the_same_row_and_a_chat_has_one_on_its_way(installation: Installation) -> None:
    again = small_product(installation.config, nothing)
    async with again.database.transaction() as session:
        work = UnitOfWork(session, utc_now(), again.keyring, again.attachment_store, ZONE)
        for number in range(20):
            for chat in (1, 2, 3):
                await work.outbox.to_chat(address_of(chat), say(Message(f"{number}")))
    claims = await asyncio.gather(*(again.sender.claim() for _ in range(6)))
    claimed = [row.id for rows in claims for row in rows]
    assert len(claimed) == len(set(claimed)) == 3
    await again.stop()
