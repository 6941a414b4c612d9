"""Somebody presses and writes in their own chat: the handlers do it and are heard, and nothing is sent anywhere."""

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from channels.telegram.address import address_of
from handlers.context import HandlerContext
from handlers.forms import AREA as FORM
from handlers.forms import takes_words
from handlers.incoming import ButtonPress, Text, Update, UpdateContent
from handlers.press import unpack
from handlers.router import route
from models.delivery import DeliveredNotice, OutboxRow
from models.staff import OpenFormRow
from qr.link import Links
from services.access.member import Member
from services.people.forms import OpenForm, open_form_of
from services.unit_of_work import UnitOfWork
from texts.message import Message

CHAT = address_of(4242)
PAGES = "https://xuncha.example"
ANSWER = "已到现场看过，正在核实。"  # to every question of a form that is answered in words
NUMBER = "3"  # to those that ask how many
MOST_ANSWERS = 30  # of a form
# What saying something, showing a card or asking the next question writes, and nothing else.
SAYING = frozenset({OutboxRow.__tablename__, DeliveredNotice.__tablename__})
ASKING = SAYING | {OpenFormRow.__tablename__}
_WRITES = re.compile(r"\s*(?:INSERT(?: OR IGNORE)? INTO|UPDATE|DELETE FROM)\s+\"?(\w+)")


@dataclass
class Hearing(HandlerContext):
    """A context whose answers in the chat are heard here."""

    said: list[Message] = field(default_factory=list)

    async def say(self, message: Message, **_how: object) -> None:
        self.said.append(message)


async def take(work: UnitOfWork, who: Member, content: UpdateContent, *, has_form: bool = True) -> Hearing:
    """Let somebody press or write in their own chat, and return what they heard.

    `has_form`: whether they may be filling one in; looking for one is half of what a refused press costs.
    """
    update = Update(CHAT, True, content, message_id=1)
    form = await open_form_of(work, who.id) if has_form else None
    heard = Hearing(work, update, who, form, links=Links(PAGES))
    await route(heard)
    await work.session.flush()
    return heard


def is_refused(heard: Hearing) -> bool:
    """Whether a press was answered by an alert."""
    return heard.answer is not None and heard.answer.alert


@contextmanager
def tables_written(work: UnitOfWork) -> Iterator[set[str]]:
    """Collect the tables to which a transaction writes."""
    found: set[str] = set()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if written := _WRITES.match(statement):
            found.add(written[1])

    engine = work.session.get_bind().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


@asynccontextmanager
async def undone(work: UnitOfWork) -> AsyncIterator[None]:
    """Undo at the end what is done inside, also in what the transaction remembers of the directory."""
    savepoint = await work.session.begin_nested()
    yield
    await savepoint.rollback()
    work.session.expire_all()
    work.session.info.pop("directory", None)


async def fill_in(work: UnitOfWork, who: Member, heard: Hearing, says: Mapping[str, str] | None = None) -> Hearing:
    """Answer all that a form asks, send it, and return what was heard then.

    A step is answered as `says` has it, in words where they are taken, else by its first button; where that is not all
    that is wanted, as of what can be ticked, by its last one.
    """
    asked, tried = heard.asked, set[tuple[str, str]]()
    for _ in range(MOST_ANSWERS):
        form = await open_form_of(work, who.id)
        if form is None:
            return heard
        assert asked is not None, f"{form.name} has asked nothing"
        is_again = any(step == form.step and name.startswith("1.") for step, name in tried)
        answers = _answers(form, asked, says or {}, is_again=is_again)
        content = next((one for one in answers if (form.step, _name(one)) not in tried), None)
        if content is None:
            break
        tried.add((form.step, _name(content)))
        heard = await take(work, who, content)
        asked = heard.asked or (heard.said[-1] if heard.said and heard.said[-1].buttons else asked)
    form = await open_form_of(work, who.id)
    assert form is None, f"the form {form and form.name} takes no answer at {form.step}: {tried}"
    return heard


def _answers(form: OpenForm, asked: Message, says: Mapping[str, str], *, is_again: bool) -> Iterator[UpdateContent]:
    """Return what a question can be answered with, what is most likely to do first.

    `is_again`: a button of it was pressed already.
    """
    presses = [one.data for row in asked.buttons for one in row if one.data]
    yield from (ButtonPress(data) for data in presses if data.startswith(f"1.{FORM}.send"))
    if form.step in says:
        said = says[form.step]
        yield next((ButtonPress(data) for data in presses if data.endswith(f".{said}")), Text(said))
    if takes_words(form):
        yield Text(ANSWER)
    choices = [ButtonPress(data) for data in presses if data.startswith(f"1.{FORM}.choose")]
    yield from reversed(choices) if is_again else choices
    if takes_words(form):
        yield Text(NUMBER)


def _name(content: UpdateContent) -> str:
    return content.data if isinstance(content, ButtonPress) else content.text if isinstance(content, Text) else ""


async def press_on(work: UnitOfWork, who: Member, heard: Hearing) -> Hearing:
    """Press the first choice of a menu, which must not be refused, and return what was heard then."""
    menu = heard.said[-1]
    first = next(one.data for row in menu.buttons for one in row if one.data and ".card." not in one.data)
    assert unpack(first) is not None
    heard = await take(work, who, ButtonPress(first))
    assert not is_refused(heard), heard.answer
    return heard
