"""Actions: what people do by pressing a button. Each is a row in the table of its subject; `do_action` runs them all.

Nothing in a button is trusted: whether the person who pressed may do it is decided anew at every press.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from handlers.context import HandlerContext
from handlers.press import Press
from models.states import Impossible, NotEntitled
from services.access.member import Member
from services.delivery.opened import note_opened
from services.people.forms import SpeaksAsResident
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.message import Button, Fold, Message, Rows, in_rows

_WORTH_FOLDING = 3  # buttons


@dataclass(frozen=True)
class Done:
    """The action was done. `text` is shown as a toast; with `renew` the pressed card is replaced by the present one.

    `card`: the area and id of the card to show, when it is not that of the button's subject.
    """

    text: Html | None = None
    renew: bool = True
    card: tuple[str, str] | None = None


@dataclass(frozen=True)
class NothingDone:
    """Nothing was done; `text` says why, as an alert."""

    text: Html


@dataclass(frozen=True)
class Replaced:
    """The pressed message is replaced by another one, such as a menu."""

    message: Message
    text: Html | None = None  # of the toast


Result: TypeAlias = Done | NothingDone | Replaced
Run: TypeAlias = Callable[[HandlerContext, Member, Press], Awaitable[Result]]
Refused: TypeAlias = Callable[[HandlerContext, Member, Press, Exception], Awaitable[None]]


@dataclass(frozen=True)
class Action:
    """Something a person may do by a button.

    `name` is what the button carries. With a `label` (the key of a sentence) the subject's card has a button for it,
    which carries `begins` instead where a menu comes first: an action, or `area.action` of another subject.
    `transition` is the arrow of the state machine it follows.
    """

    name: str
    run: Run | None  # None: it is begun elsewhere
    label: str | None = None
    begins: str | None = None
    transition: str | None = None
    on_board: bool = False  # may be pressed in a group; anything else only in one's own chat
    seldom: bool = False  # its button is folded away in a chat where there are several such


@dataclass(frozen=True)
class Subject:
    """What the buttons of one area are about: its actions, its card, and how refusals are told.

    `card` returns the present card as it is in one's own chat, None where there is none to show. Where a button was
    pressed, `renew_in_private` puts one that stands there only once, `renew_on_board` the present one in a group.
    """

    area: str
    actions: Iterable[Action]
    refused: Refused
    card: Callable[[HandlerContext, Member, str], Awaitable[Message | None]] | None = None
    renew_in_private: Callable[[HandlerContext, Member, str], Awaitable[None]] | None = None
    renew_on_board: Callable[[HandlerContext, str], Awaitable[None]] | None = None
    stranger_key: str = "team.stranger_pressed"  # of the alert for somebody who is not on the staff
    unknown_key: str = "team.press_unknown"
    entitled: Callable[[Member], bool] = field(default=lambda _who: True)
    not_entitled_key: str = "people.directors_only"

    def find(self, name: str) -> Action | None:
        """Return the action of a name."""
        return next((action for action in self.actions if action.name == name and action.run is not None), None)


SUBJECTS: dict[str, Subject] = {}


def register(subject: Subject) -> Subject:
    """Make a subject known by the area of its buttons; two of one area are a programming error and raise."""
    if subject.area in SUBJECTS:
        raise ValueError(f"Two subjects have the area {subject.area}.")
    SUBJECTS[subject.area] = subject
    return subject


async def renew(context: HandlerContext, who: Member, subject: Subject, subject_id: str) -> None:
    """Put the present card where a button was pressed."""
    if not context.update.is_private:
        if subject.renew_on_board is not None:
            await subject.renew_on_board(context, subject_id)
    elif subject.renew_in_private is not None:
        await subject.renew_in_private(context, who, subject_id)
    elif subject.card is not None and (card := await subject.card(context, who, subject_id)) is not None:
        await context.show_card(subject.area, subject_id, card, in_place=True)


async def do_action(context: HandlerContext, subject: Subject, press: Press) -> None:
    """Do what a button asks for, if whoever pressed it may; otherwise say why not."""
    who, action = context.member, subject.find(press.action)
    if who is None:
        context.alert(subject.stranger_key)
    elif not subject.entitled(who):
        context.alert(subject.not_entitled_key)
    elif action is None:
        context.alert(subject.unknown_key)
        await renew(context, who, subject, press.subject)
    elif action.on_board or not context.refused_in_group():
        await _run(context, subject, action, who, press)


async def _run(context: HandlerContext, subject: Subject, action: Action, who: Member, press: Press) -> None:
    assert action.run is not None  # noqa: S101 (find returns no other)
    try:
        result = await action.run(context, who, press)
    except SpeaksAsResident:
        context.alert("staff.resident_first")
        return
    except (Impossible, NotEntitled) as refusal:
        await subject.refused(context, who, press, refusal)
        return
    if action.label is not None:  # a button of the card itself
        await note_opened(context.work, who.id, subject.area, press.subject)
    match result:
        case NothingDone(text):
            context.toast(text, alert=True)
        case Replaced(message, text):
            context.toast(text or "")
            await context.edit(message)
        case Done(text, renews, card):
            context.toast(text or "")
            area, subject_id = card or (subject.area, press.subject)
            if renews:
                await renew(context, who, SUBJECTS[area], subject_id)


def immediately(do: Callable[[UnitOfWork, Member, str], Awaitable[object]], done_key: str) -> Run:
    """Return what an action does that one press is enough for. `done_key`: of the toast."""

    async def run(context: HandlerContext, who: Member, press: Press) -> Result:
        await do(context.work, who, press.subject)
        return Done(context.words(done_key))

    return run


async def open_card(context: HandlerContext, who: Member, press: Press) -> Result:
    """Show the card in a message of its own: the list or digest in which the button stands stays as it is."""
    card = await _card_of(context, who, press)
    await context.show_card(press.area, press.subject, card)
    return Done(renew=False)


async def _card_of(context: HandlerContext, who: Member, press: Press) -> Message:
    """Return the present card of what a button is about, or raise NotEntitled."""
    subject = SUBJECTS[press.area]
    card = await subject.card(context, who, press.subject) if subject.card is not None else None
    if card is None:
        raise NotEntitled
    return card


async def back_to_card(_context: HandlerContext, _who: Member, _press: Press) -> Result:
    """Go back from a menu to the card."""
    return Done()


async def unfold_card(context: HandlerContext, who: Member, press: Press) -> Result:
    """Show the buttons of a card that are seldom needed, too."""
    card = await _card_of(context, who, press)
    rows = (*card.buttons, (back(context.words, press.area, "card", press.subject),))
    return Replaced(replace(card, buttons=rows, fold=None))


def too_late_or_not_entitled(too_late_key: str, not_entitled_key: str) -> Refused:
    """Return what tells by an alert why an action was not done, and shows the present card."""

    async def refused(context: HandlerContext, who: Member, press: Press, refusal: Exception) -> None:
        context.alert(too_late_key if isinstance(refusal, Impossible) else not_entitled_key)
        await renew(context, who, SUBJECTS[press.area], press.subject)

    return refused


def action_button(words: Words, area: str, action: Action, subject: str) -> Button:
    """Return the button of an action on its subject's card."""
    begins = action.begins or action.name
    other_area, _, name = begins.rpartition(".")
    return button(words, action.label or "", Press(other_area or area, name, subject).pack())


def action_rows(
    words: Words, area: str, actions: Sequence[Action], subject: str, further: Rows = ()
) -> tuple[Rows, Fold | None]:
    """Return the buttons of a card, two in a row, and where those begin that are seldom needed.

    `further`: buttons that depend on more than the actions, shown behind those that are often needed.
    """
    often = [action_button(words, area, one, subject) for one in actions if not one.seldom]
    seldom = [action_button(words, area, one, subject) for one in actions if one.seldom]
    if len(seldom) < _WORTH_FOLDING or not (often or further):
        return (*in_rows([*often, *seldom], 2), *further), None
    in_sight = (*in_rows(often, 2), *further)
    more = button(words, "team.action_more", Press(area, "more", subject).pack())
    return (*in_sight, *in_rows(seldom, 2)), Fold(len(in_sight), more)


def button(words: Words, key: str, data: str) -> Button:
    """Return a button whose label is a sentence of the catalogue."""
    return Button(words.plain(key), data)


def back(words: Words, area: str, action: str, subject: str) -> Button:
    """Return the button that leads back from a menu."""
    return button(words, "team.back", Press(area, action, subject).pack())
