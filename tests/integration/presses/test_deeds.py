"""What follows no arrow of a machine is pressed and filled in to its end, and every press there is stands somewhere."""

from collections.abc import Collection

import pytest

from handlers.actions import SUBJECTS, Action
from handlers.incoming import ButtonPress, Update
from handlers.press import Press
from models.delivery import OutboxRow
from services.access.member import member
from services.people.forms import open_form_of
from services.unit_of_work import UnitOfWork
from tests.conftest import ONLY_SQLITE, OpenWork
from tests.integration.presses.deed_table import ALONE, DEEDS, ELSEWHERE, SHOWS, Deed
from tests.integration.presses.machine_table import PRESSED
from tests.pressing import ASKING, CHAT, SAYING, Hearing, fill_in, is_refused, press_on, tables_written, take, undone

AREAS = tuple(dict.fromkeys(deed.area for deed in DEEDS))


async def carried(work: UnitOfWork, deed: Deed, record_id: str) -> str:
    """Return what the button of a deed carries: as the card shows it, where it does."""
    by_hand = Press(deed.area, deed.action, record_id, deed.arg).pack()
    subject, who = SUBJECTS[deed.area], await member(work.session, deed.by)
    if subject.card is None or not record_id:
        return by_hand
    card = await subject.card(Hearing(work, Update(CHAT, True, ButtonPress("")), who), who, record_id)
    shown = [one.data or "" for row in card.buttons for one in row] if card else []
    return next((data for data in shown if data.startswith(by_hand)), by_hand)


async def do(work: UnitOfWork, deed: Deed) -> tuple[set[str], Hearing]:
    """Do a deed to its end, and return the tables to which it wrote, and what was heard last."""
    record_id = await deed.lay(work)
    who, data = await member(work.session, deed.by), await carried(work, deed, record_id)
    with tables_written(work) as written:
        heard = await take(work, who, ButtonPress(data))
        assert not is_refused(heard), f"{deed}: {heard.answer}"
        if await open_form_of(work, who.id) is not None:
            heard = await fill_in(work, who, heard, deed.says)
        elif not deed.only_shows and heard.said and written <= SAYING and heard.said[-1].buttons:
            heard = await press_on(work, who, heard)
        assert not is_refused(heard), f"{deed}: {heard.answer}"
    return written, heard


@pytest.mark.parametrize("area", AREAS)
@ONLY_SQLITE
async def test_a_deed_is_pressed_and_filled_in_to_its_end(county: OpenWork, area: str) -> None:
    async with county() as work:
        for deed in DEEDS:
            if deed.area != area:
                continue
            async with undone(work):
                written, heard = await do(work, deed)
            if deed.only_shows:
                assert heard.said or OutboxRow.__tablename__ in written, f"{deed} has shown nothing"
            assert bool(written - ASKING) is not deed.only_shows, f"{deed}: {written}"


def begun_by(actions: Collection[Action], area: str) -> set[str]:
    """Return what is pressed where a menu or a form of another subject comes first."""
    return {one.begins if "." in one.begins else f"{area}.{one.begins}" for one in actions if one.begins}


def test_every_action_of_every_subject_is_followed_to_its_end_or_it_is_said_why_not() -> None:
    by_machine = {f"{about.area}.{action.name}" for about in PRESSED.values() for action in about.buttons()}
    asked_again = {f"round.{action.name}_yes" for action in PRESSED["round"].buttons()}
    followed = by_machine | asked_again | {f"{deed.area}.{deed.action}" for deed in DEEDS}
    everything = {
        f"{area}.{action.name}": action
        for area, subject in SUBJECTS.items()
        if area not in ELSEWHERE
        for action in subject.actions
    }
    begun = {name for area, subject in SUBJECTS.items() for name in begun_by(tuple(subject.actions), area)}
    by_others = {
        name
        for name, action in everything.items()
        if action.run is None and action.begins is not None and action.begins in followed | set(ALONE)
    }
    shown = {name for name in everything if name.partition(".")[2] in SHOWS}
    assert set(everything) - followed - by_others - shown - begun == set(ALONE) - shown
    assert set(ELSEWHERE) <= set(SUBJECTS)
