"""The pages of the staff beside their chats: the same is offered, and a press comes to the same."""

from collections.abc import Sequence

import pytest

from channels.telegram.address import address_of
from handlers.actions import SUBJECTS
from handlers.commands import COMMANDS
from handlers.context import HandlerContext
from handlers.incoming import ButtonPress, Command, Update, UpdateContent
from handlers.notices import render
from handlers.press import Press, unpack
from handlers.router import route
from models.complaints import Case
from models.recipient import Recipient
from models.rectification import RectificationItem
from models.rounds import Round
from models.states import CaseState, ItemState, RoundState
from qr.link import Links
from services.access.member import member
from services.delivery.reader import Reader
from services.notice import Notice
from services.outbox import SayMessage
from services.people.forms import close_form, open_form_of
from services.unit_of_work import UnitOfWork
from tests.browsing import Page
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.cases.conftest import events_of, lay
from tests.integration.cases.test_actions import PEOPLE, desk
from tests.integration.rectification.test_actions import an_ordered_item
from tests.integration.web.conftest import OpenBrowser
from tests.integration.web.desk import laid, presses, signed_in
from tests.story import PhoneUser
from texts.catalogue import Words
from texts.message import Message
from web.desk.addresses import address_of_button

AT_ITEMS = {
    "head": "P14",
    "liaison": "P20",
    "county_leader": "P25",
    "leader": "P05",
    "office": "P04",
    "director": "P03",
}
EVERYBODY = AT_ITEMS | {"member": "P06", "leading_group": "P01"}
# What a chat has a command for, and a page an address.
SHOWN = ("queue", "mine", "items", "rounds", "village", "visits", "staff", "audit", "recuse", "whoami", "lang")
CHAT = address_of(4242)
ROUND = "R6"


async def offered_in_chat(work: UnitOfWork, area: str, staff_id: str, record_id: str) -> set[str]:
    """Return what the buttons of a card press in somebody's private chat."""
    who, show = await member(work.session, staff_id), SUBJECTS[area].card
    assert show is not None
    card = await show(HandlerContext(work, Update(CHAT, True, ButtonPress("")), who), who, record_id)
    return {button.data or "" for row in card.buttons for button in row} if card else set()


async def press_in_chat(work: UnitOfWork, staff_id: str, data: str) -> None:
    """Press a button in somebody's private chat."""
    who = await member(work.session, staff_id)
    update = Update(CHAT, True, ButtonPress(data), message_id=1)
    await route(HandlerContext(work, update, who, await open_form_of(work, staff_id)))


async def said_in_chat(work: UnitOfWork, staff_id: str, content: UpdateContent) -> list[Message]:
    """Return what answers a command or a press in somebody's private chat."""
    who = await member(work.session, staff_id)
    work.outbox = gathering = work.outbox.gathering(CHAT, staff_id)
    await route(HandlerContext(work, Update(CHAT, True, content, message_id=1), who, links=Links("http://127.0.0.1")))
    reader, found = Reader(Recipient.staff(staff_id), Words(who.language), None), []
    for answer in gathering.answers:
        if isinstance(answer.content, SayMessage):
            found.append(answer.content.message)
        elif isinstance(answer.content, Notice):
            rendered = await render(work, reader, answer.content)
            found += [rendered] if rendered else []
    return found


def offered_by(messages: Sequence[Message]) -> set[str]:
    """Return what the buttons of some messages press."""
    return {button.data for one in messages for row in one.buttons for button in row if button.data}


def lacking_on(page: Page, offered: set[str]) -> set[str]:
    """Return what is offered and is neither a button of a page nor a link to where it would lead."""
    paths = {address.partition("?")[0] for _, address in page.links}
    return {data for data in offered - presses(page) if address_of_button(data) not in paths}


def on(data: str, record_id: str) -> str:
    """Return the same button on another record."""
    press = unpack(data)
    assert press is not None
    return Press(press.area, press.action, record_id, press.arg).pack()


async def outcome(work: UnitOfWork, record: Case | RectificationItem, staff_id: str) -> Sequence[object]:
    """Return how a record stands, and which form is open; the form is closed."""
    form = await open_form_of(work, staff_id)
    await close_form(work, staff_id)
    asked = (form.name, form.step, form.subject_id == record.id) if form else None
    if isinstance(record, Case):
        return record.state, record.owner_id, record.is_open, record.desk, await events_of(work, record), asked
    return record.state, record.version, record.card, asked


@pytest.mark.parametrize("role", PEOPLE)
async def test_a_page_offers_of_a_case_in_every_state_what_the_chat_offers(
    deployment: Deployment, open_browser: OpenBrowser, role: str
) -> None:
    browser, found = await signed_in(deployment, open_browser, PEOPLE[role]), 0
    for state in CaseState:
        async with deployment.database.transaction() as session:
            work = deployment.work(session)
            case = await lay(work, "路坏了", state=state, desk=desk(state))
            expected = await offered_in_chat(work, "case", PEOPLE[role], case.id)
        page = await browser.open(f"/desk/case/{case.id}")
        assert presses(page) == expected, state
        found += len(expected)
    assert bool(found) == (role in {"member", "leader", "office", "director"})


@ONLY_SQLITE
@pytest.mark.parametrize("role", ["member", "leader", "director"])
async def test_each_press_on_a_case_comes_to_the_same_on_a_page(
    deployment: Deployment, open_browser: OpenBrowser, role: str
) -> None:
    staff_id, pressed = PEOPLE[role], set()
    browser = await signed_in(deployment, open_browser, staff_id)
    for state in CaseState:
        async with deployment.database.transaction() as session:
            work = deployment.work(session)
            case = await lay(work, "路坏了", state=state, desk=desk(state))
            buttons = await offered_in_chat(work, "case", staff_id, case.id)
        for data in sorted(buttons):
            async with deployment.database.transaction() as session:
                work = deployment.work(session)
                in_chat, on_page = [await lay(work, "路坏了", state=state, desk=desk(state)) for _ in range(2)]
                await press_in_chat(work, staff_id, on(data, in_chat.id))
                expected = await outcome(work, in_chat, staff_id)
            await browser.open(f"/desk/case/{on_page.id}")
            await browser.send(on(data, on_page.id))
            assert browser.page.status == 200
            async with deployment.database.transaction() as session:
                found = await session.get_one(Case, on_page.id)
                assert await outcome(deployment.work(session), found, staff_id) == expected, (state, data)
            pressed.add(data.split(".")[2])
    assert {"open", "claim"} < pressed


@pytest.mark.parametrize("role", AT_ITEMS)
async def test_a_page_offers_of_an_item_in_every_state_what_the_chat_offers(
    deployment: Deployment, open_browser: OpenBrowser, role: str
) -> None:
    staff_id, found = AT_ITEMS[role], 0
    browser = await signed_in(deployment, open_browser, staff_id)
    async with deployment.database.transaction() as session:
        item, _ = await an_ordered_item(deployment.work(session))
    for state in ItemState:
        async with deployment.database.transaction() as session:
            (await session.get_one(RectificationItem, item.id)).state = state
            await session.flush()
            expected = await offered_in_chat(deployment.work(session), "item", staff_id, item.id)
        page = await browser.open(f"/desk/item/{item.id}")
        assert item.id in page.text
        assert lacking_on(page, expected) == set(), state
        assert presses(page) <= expected, state
        found += len(expected)
    assert found


@ONLY_SQLITE
@pytest.mark.parametrize("role", ["head", "leader", "director"])
async def test_each_press_on_an_item_comes_to_the_same_on_a_page(
    deployment: Deployment, open_browser: OpenBrowser, role: str
) -> None:
    staff_id, pressed = AT_ITEMS[role], 0
    browser = await signed_in(deployment, open_browser, staff_id)
    for state in ItemState:
        ids = []
        for _ in range(2):
            async with deployment.database.transaction() as session:
                item, _case = await an_ordered_item(deployment.work(session))
                item.state = state
            ids.append(item.id)
        async with deployment.database.transaction() as session:
            offered = await offered_in_chat(deployment.work(session), "item", staff_id, ids[0])
            buttons = [data for data in offered if address_of_button(data) is None]
        for data in sorted(buttons):
            async with deployment.database.transaction() as session:
                work = deployment.work(session)
                in_chat = await session.get_one(RectificationItem, ids[0])
                in_chat.state = state
                await press_in_chat(work, staff_id, on(data, in_chat.id))
                chat = await outcome(work, in_chat, staff_id)
                (await session.get_one(RectificationItem, ids[1])).state = state
            await browser.open(f"/desk/item/{ids[1]}")
            await browser.send(on(data, ids[1]))
            async with deployment.database.transaction() as session:
                on_page = await session.get_one(RectificationItem, ids[1])
                assert await outcome(deployment.work(session), on_page, staff_id) == chat, (state, data)
            pressed += 1
    assert pressed


async def test_what_answers_a_question_that_was_answered_in_chat_meanwhile_is_not_used_and_not_lost(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    [person] = await deployment.enrol("P05")
    case_id = await laid(deployment, "路坏了", state=CaseState.VERIFYING)
    browser, phone = await signed_in(deployment, open_browser, "P05"), PhoneUser(deployment.simulator, person)
    await browser.open(f"/desk/case/{case_id}")
    asked = await browser.send("1.case.answer")
    phone.say("下周开工修路。")
    await deployment.settled()
    await browser.send("add", page=asked, text="月底前修好。")
    assert browser.page.status == 200
    assert "没有用上" in browser.page.text
    assert "月底前修好。" in browser.page.text
    async with deployment.database.reading() as session:
        form = await open_form_of(deployment.work(session), "P05")
    assert form is not None
    assert "下周开工修路。" in str(form.answers)
    await phone.press("1.form.send")
    await browser.send("add", page=asked, text="月底前修好。。")
    assert "没有用上" in browser.page.text
    async with deployment.database.reading() as session:
        assert (await events_of(deployment.work(session), await session.get_one(Case, case_id))).count("answer") == 1


@pytest.mark.parametrize("role", EVERYBODY)
async def test_a_page_offers_in_every_list_what_the_command_of_the_chat_offers(
    deployment: Deployment, open_browser: OpenBrowser, role: str
) -> None:
    staff_id = EVERYBODY[role]
    browser = await signed_in(deployment, open_browser, staff_id)
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        await lay(work, "路坏了")
        await an_ordered_item(work)
    navigation = {address for _, address in (await browser.open("/desk")).links}
    for name in SHOWN:
        async with deployment.database.transaction() as session:
            messages = await said_in_chat(deployment.work(session), staff_id, Command(name))
        page = await browser.open(f"/desk/{name}")
        turned = {data for data in offered_by(messages) if data.split(".")[2] in {"page", "list"}}  # by addresses here
        assert lacking_on(page, offered_by(messages) - turned) == set(), name
        if offered_by(messages) and name != "whoami":
            assert f"/desk/{name}" in navigation, name
    assert set(SHOWN) <= COMMANDS.keys()


@pytest.mark.parametrize("role", EVERYBODY)
async def test_what_is_not_offered_in_the_navigation_of_a_page_is_not_there(
    deployment: Deployment, open_browser: OpenBrowser, role: str
) -> None:
    browser = await signed_in(deployment, open_browser, EVERYBODY[role])
    navigation = {address for _, address in (await browser.open("/desk")).links}
    rounds = role in {"director", "office", "leader", "member", "leading_group"}
    assert ("/desk/rounds" in navigation) == rounds
    assert ("/desk/import" in navigation) == (role == "director")
    assert ("/desk/staff" in navigation) == ("/desk/audit" in navigation) == (role == "director")
    counts_leads = role in {"director", "leading_group"}
    assert ("/desk/leads" in navigation) == counts_leads
    assert ("签收 0 件" in (await browser.open("/desk/leads")).text) == counts_leads
    assert (await browser.open("/desk/import")).status == (200 if role == "director" else 404)
    page = await browser.open(f"/desk/round/{ROUND}")
    assert page.status == (200 if rounds else 404)
    assert page.has_button("下载") == (role in {"director", "office", "leader"})


@pytest.mark.parametrize("role", EVERYBODY)
async def test_a_page_offers_of_a_round_in_every_state_what_the_chat_offers(
    deployment: Deployment, open_browser: OpenBrowser, role: str
) -> None:
    staff_id, found = EVERYBODY[role], 0
    browser = await signed_in(deployment, open_browser, staff_id)
    for state in RoundState:
        async with deployment.database.transaction() as session:
            (await session.get_one(Round, ROUND)).state = state
            await session.flush()
            expected = await offered_in_chat(deployment.work(session), "round", staff_id, ROUND)
        page = await browser.open(f"/desk/round/{ROUND}")
        assert {press for press in presses(page) if press.startswith("1.round")} == expected, state
        found += len(expected)
    assert bool(found) == (role == "director")


@ONLY_SQLITE
async def test_each_press_on_a_round_comes_to_the_same_on_a_page(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    director, pressed = EVERYBODY["director"], set()
    browser = await signed_in(deployment, open_browser, director)
    for state in RoundState:
        async with deployment.database.transaction() as session:
            (await session.get_one(Round, ROUND)).state = state
            await session.flush()
            buttons = await offered_in_chat(deployment.work(session), "round", director, ROUND)
        for asks in sorted(one for one in buttons if one != f"1.round.level_up.{ROUND}"):  # which begins a form
            confirms = asks.replace(f".{ROUND}", f"_yes.{ROUND}")
            async with deployment.database.transaction() as session:
                work, one = deployment.work(session), await session.get_one(Round, ROUND)
                one.state = state
                await session.flush()
                assert confirms in offered_by(await said_in_chat(work, director, ButtonPress(asks)))
                await press_in_chat(work, director, confirms)
                expected, one.state = one.state, state
            await browser.open(f"/desk/round/{ROUND}")
            await browser.send(asks)
            await browser.send(confirms)
            async with deployment.database.reading() as session:
                assert (await session.get_one(Round, ROUND)).state == expected
            assert (expected != state) == (state is not RoundState.EVALUATING)  # its units are not graded yet
            pressed.add(asks)
    assert len(pressed) == 6


@ONLY_SQLITE
async def test_each_press_on_somebodys_card_offers_the_same_on_a_page(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    director, compared = EVERYBODY["director"], 0
    browser = await signed_in(deployment, open_browser, director)
    for staff_id in EVERYBODY.values():
        async with deployment.database.transaction() as session:
            card = offered_by(await said_in_chat(deployment.work(session), director, Command("staff", (staff_id,))))
        assert card
        for data in sorted(card):
            async with deployment.database.transaction() as session:
                expected = offered_by(await said_in_chat(deployment.work(session), director, ButtonPress(data)))
            page = await browser.open(f"/desk/staff?q={staff_id}")
            assert lacking_on(page, card) == set()
            assert lacking_on(await browser.send(data), expected) == set(), data
            compared += len(expected)
    assert compared
