"""Every press that follows an arrow of a state machine, by everybody in every state: done to its end, or refused."""

from typing import Any

import pytest

from handlers.actions import SUBJECTS, Action, action_button
from handlers.incoming import ButtonPress, Update
from handlers.press import Press
from models.states import MACHINES, State
from services.access.member import Member, member
from services.people.forms import open_form_of
from services.unit_of_work import UnitOfWork
from tests.conftest import ONLY_SQLITE, OpenWork
from tests.integration.presses.machine_table import PRESSED, Pressed
from tests.pressing import ASKING, CHAT, SAYING, Hearing, fill_in, is_refused, press_on, tables_written, take, undone
from texts.catalogue import Words

WORDS = Words("zh_Hans")


async def offered(work: UnitOfWork, who: Member, about: Pressed, record_id: str) -> dict[str, str]:
    """Return the actions that somebody's card of a record has buttons for, with what the buttons carry."""
    subject = SUBJECTS[about.area]
    assert subject.card is not None
    context = Hearing(work, Update(CHAT, True, ButtonPress("")), who)
    card = await subject.card(context, who, record_id) if subject.entitled(who) else None
    shown = [one.data or "" for row in card.buttons for one in row] if card else []
    found = dict[str, str]()
    for action in about.buttons():
        carried = action_button(WORDS, about.area, action, record_id).data or ""
        data = next((one for one in shown if one == carried or one.startswith(f"{carried}.")), None)
        found |= {action.name: data} if data is not None else {}
    return found


def by_hand(about: Pressed, action: Action, record_id: str) -> set[str]:
    """Return what somebody may send who has no such button."""
    carried = action_button(WORDS, about.area, action, record_id).data or ""
    return {carried, *([Press(about.area, action.name, record_id).pack()] if action.run else [])}


async def read_anew(work: UnitOfWork, about: Pressed, record_id: str) -> Any:
    """Return a record as it stands in the database now."""
    return await work.session.get_one(about.table, record_id, populate_existing=True)


async def put(work: UnitOfWork, about: Pressed, record_id: str, state: State) -> Any:
    """Put a record into a state."""
    row = await read_anew(work, about, record_id)
    row.state = state
    await about.put(work, row, state)
    await work.session.flush()
    work.session.info.pop("directory", None)
    return row


async def must_be_refused(work: UnitOfWork, who: Member, data: str, where: str) -> None:
    """Press a button that is answered by a sentence, and changes nothing."""
    with tables_written(work) as written:
        heard = await take(work, who, ButtonPress(data), has_form=False)
    assert is_refused(heard), (where, data)
    assert heard.answer is not None
    assert heard.answer.text, (where, data)
    assert written <= SAYING, (where, data)


async def do_to_its_end(work: UnitOfWork, who: Member, about: Pressed, data: str, where: str) -> set[str]:
    """Press a button, answer all that is asked, and return the tables to which the last of it wrote."""
    with tables_written(work) as written:
        heard = await take(work, who, ButtonPress(data))
        assert not is_refused(heard), (where, data, heard.answer)
        if await open_form_of(work, who.id) is not None:
            heard = await fill_in(work, who, heard, about.says)
        elif heard.said and written <= SAYING:
            heard = await press_on(work, who, heard)
        assert not is_refused(heard), (where, data, heard.answer)
    return written


@pytest.mark.parametrize("name", PRESSED)
@ONLY_SQLITE
async def test_a_press_is_done_where_the_machine_says_so_and_is_refused_everywhere_else(
    county: OpenWork, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    about = PRESSED[name]

    async def shows_no_card(*_of_what: object) -> None:  # a refusal renders it each time; `offered` has looked at it
        return None

    async with county() as work:
        record_id = await about.lay(work)
        people = {person: await member(work.session, staff_id) for person, staff_id in about.people().items()}
        for state in about.states():
            row = await put(work, about, record_id, state)
            for person, who in people.items():
                may, where = about.may(person, state), f"{person}, {state}"
                buttons = await offered(work, who, about, record_id)
                assert set(buttons) == may, where
                with monkeypatch.context() as patch:
                    patch.setattr("handlers.actions.renew", shows_no_card)
                    for action in about.buttons():
                        same = person in about.same_deed.get(action.name, set())
                        for data in by_hand(about, action, record_id) if action.name not in may and not same else ():
                            await must_be_refused(work, who, data, where)
                for action in [one for one in about.buttons() if one.name in may]:
                    if (action.name, state) in about.lacks:
                        await must_be_refused(work, who, buttons[action.name], where)
                        continue
                    async with undone(work):
                        written = await do_to_its_end(work, who, about, buttons[action.name], where)
                        row = await read_anew(work, about, record_id)
                        after = row.state
                    assert written - ASKING, (where, action.name)
                    assert after in about.leads_to(action, state), (where, action.name)
                    await work.session.refresh(row)


def test_every_machine_but_that_of_cases_is_pressed() -> None:
    assert {one.machine.name for one in PRESSED.values()} | {"case"} == {machine.name for machine in MACHINES}


@pytest.mark.parametrize("name", {one.machine.name: one for one in PRESSED.values()})
def test_every_button_of_a_machine_is_pressed_by_somebody(name: str) -> None:
    of_it = [one for one in PRESSED.values() if one.machine.name == name]
    pressed = {
        action
        for about in of_it
        for state in about.states()
        for person in about.people()
        for action in about.may(person, state)
    }
    assert pressed == {action.name for about in of_it for action in about.buttons()}
