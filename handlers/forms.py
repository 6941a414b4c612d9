"""Forms that staff fill in: steps, each a question with its check and its buttons, then a preview and one press.

A form is data. Its answers are a row (services.people.forms), so it survives a restart; one function asks, takes and
sends whatever the form is about.
"""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, TypeAlias

from handlers.actions import SUBJECTS, Action, Done, Replaced, Result, Subject, Told, button
from handlers.actions import register as register_subject
from handlers.context import HandlerContext
from handlers.incoming import Contact, File, Location, Text, UnfitFile
from handlers.press import Press
from media.kinds import Cleaned
from models.states import Impossible, NotEntitled
from services.access.member import Member
from services.people.forms import OpenForm, close_form, save_form
from texts.catalogue import Html, Words
from texts.message import Button, Message, Rows

AREA = "form"
_PREVIEW = "preview"
_MARK_LENGTH = 8


@dataclass(frozen=True)
class Given:
    """What somebody sent into a form: words, a file, or both."""

    text: str = ""
    file: Cleaned | UnfitFile | None = None


class Rejected(Exception):
    """What was given will not do. The sentence says what to do instead; the question stays open."""

    def __init__(self, sentence: Html, buttons: Rows = ()) -> None:
        super().__init__()
        self.sentence = sentence
        self.buttons = buttons


class Refusal(Exception):
    """The form cannot be begun or sent, as the sentence says. `keeps_open`: another answer would mend it."""

    def __init__(self, sentence: Html, *, keeps_open: bool = False) -> None:
        super().__init__()
        self.sentence = sentence
        self.keeps_open = keeps_open


@dataclass(frozen=True)
class Sent:
    """What came of a form, to be said. With `card`, the present card of its subject is shown: in place of a pressed
    message with the text as a short line, else instead of the text.
    """

    text: Html | None = None
    card: bool = False


@dataclass(frozen=True)
class FormContext:
    """A form in the hands of its functions."""

    context: HandlerContext
    who: Member
    form: OpenForm

    @property
    def words(self) -> Words:
        """The sentences in the language of whoever fills it in."""
        return self.context.words

    @property
    def subject_id(self) -> str:
        """The case or item it is about."""
        return self.form.subject_id or ""

    @property
    def answers(self) -> dict[str, Any]:
        """The answers so far, by the names of the steps."""
        return self.form.answers

    def choice(self, label: str, value: str = "") -> Button:
        """Return a button that answers the open step. `value`: letters, digits and `-`."""
        step = f"{self.form.name}-{self.form.step}-{_tag(self.form)}"
        return Button(label, Press(AREA, "choose", step, value).pack())

    @property
    def cancel(self) -> Button:
        """The button that lets the form be."""
        data = Press(AREA, "cancel", self.form.name, self.subject_id).pack()
        return button(self.words, "common.cancel", data)


Ask: TypeAlias = Callable[[FormContext], Awaitable[Message]]
Read: TypeAlias = Callable[[FormContext, Given], Awaitable[Any]]
Choose: TypeAlias = Callable[[FormContext, str], Awaitable[Any]]


@dataclass(frozen=True)
class Step:
    """One question. `ask` puts it; `read` and `choose` return the answer as JSON, from words or files and from buttons.

    Both may raise Rejected. A step without `read` is answered by its buttons alone.
    """

    name: str
    ask: Ask
    read: Read | None = None
    choose: Choose | None = None
    skip: Callable[[FormContext], bool] = field(default=lambda _form: False)


@dataclass(frozen=True)
class Form:
    """What is asked, what is shown before it is sent, and what sending it does.

    `check` raises Impossible, NotEntitled or Refusal when it cannot be sent any more; it is asked before every answer.
    Without a `preview` the last answer sends it. At the preview, words answer the step that `revise` names.
    """

    name: str
    steps: Sequence[Step]
    check: Callable[[FormContext], Awaitable[object]]
    send: Callable[[FormContext], Awaitable[Sent]]
    too_late: str  # the key of a sentence
    preview: Ask | None = None
    send_label: str = ""
    revise: Callable[[FormContext, Given], str | None] = field(default=lambda _form, _given: None)
    any_preview_sends: bool = False  # also the button under an earlier one
    rewritten: str = "item.preview_rewritten"
    gone: str = "item.press_too_late"
    area: str | None = None  # of the subject whose card is shown
    card_when_cancelled: bool = False
    discard: Callable[[FormContext], Awaitable[None]] | None = None  # what was collected for it


FORMS: dict[str, Form] = {}


def register(*forms: Form) -> None:
    """Make forms known by their names; a name that is taken already is a programming error and raises."""
    for form in forms:
        if form.name in FORMS:
            raise ValueError(f"Two forms are called {form.name}.")
        FORMS[form.name] = form


async def begin(context: HandlerContext, who: Member, form: Form, subject_id: str | None = None) -> Result:
    """Open a form at its first step, in a message of its own. Raises what its check raises, and SpeaksAsResident."""
    filling = FormContext(context, who, OpenForm(form.name, subject_id, form.steps[0].name))
    try:
        await form.check(filling)
    except Refusal as refusal:
        return Told(refusal.sentence)
    await save_form(context.work, who.id, filling.form)
    await context.say(await form.steps[0].ask(filling))
    return Done(renew=False)


async def take_message(context: HandlerContext, who: Member, opened: OpenForm) -> None:
    """Take a message as the answer to the open step, and go on."""
    form = FORMS.get(opened.name)
    if form is None:  # of an earlier version
        await close_form(context.work, who.id)
        await context.say(Message(context.words("staff.cancelled")))
        return
    filling, given = FormContext(context, who, opened), _given(context)
    if opened.step == _PREVIEW:
        opened.step = form.revise(filling, given) or _PREVIEW
    step = _step(form, opened.step)
    try:
        await form.check(filling)
        if step is None or step.read is None:
            raise Rejected(context.words("office.press_please"))
        opened.answers[step.name] = await step.read(filling, given)
    except Rejected as rejected:
        await context.say(Message(rejected.sentence, rejected.buttons or _cancel_row(filling, step)))
    except (Impossible, NotEntitled, Refusal) as refusal:
        await _give_up(filling, form, refusal)
    else:
        if sent := await _go_on(filling, form, step):
            await _say(filling, form, sent)


async def _go_on(filling: FormContext, form: Form, step: Step) -> Sent | None:
    """Ask the next question, or show the preview, or send; return what came of it when it was sent."""
    context, who, opened = filling.context, filling.who, filling.form
    later = list(form.steps)[list(form.steps).index(step) + 1 :]
    following = next((one for one in later if one.name not in opened.answers and not one.skip(filling)), None)
    if following is not None:
        opened.step = following.name
        await save_form(context.work, who.id, opened)
        await context.say(await following.ask(filling))
        return None
    if form.preview is None:
        return await _send(filling, form)
    opened.step = _PREVIEW
    try:
        shown = await form.preview(filling)
    except Refusal as refusal:
        await _give_up(filling, form, refusal)
        return None
    await save_form(context.work, who.id, opened)
    data = Press(AREA, "send", form.name, _mark(opened)).pack()
    send = button(context.words, form.send_label, data)
    await context.say(Message(shown.text, (*shown.buttons, (send, filling.cancel)), protect=shown.protect))
    return None


async def _send(filling: FormContext, form: Form) -> Sent | None:
    await close_form(filling.context.work, filling.who.id)
    try:
        return await form.send(filling)
    except (Impossible, NotEntitled, Refusal) as refusal:
        await _give_up(filling, form, refusal)
        return None


async def _give_up(filling: FormContext, form: Form, refusal: Exception) -> None:
    """Say why a form cannot go on; it is closed unless another answer would mend it."""
    if not (isinstance(refusal, Refusal) and refusal.keeps_open):
        await close_form(filling.context.work, filling.who.id)
    await filling.context.say(Message(_sentence(filling.context, form, refusal)))


def _sentence(context: HandlerContext, form: Form, refusal: Exception) -> Html:
    return refusal.sentence if isinstance(refusal, Refusal) else context.words(form.too_late)


# ---- presses


async def choose(context: HandlerContext, who: Member, press: Press) -> Result:
    """Answer the open step by a button of it; at the preview also an earlier one, anew."""
    opened = context.form
    form = FORMS.get(opened.name) if opened else None
    name, _, rest = press.subject.partition("-")
    asked, _, tag = rest.partition("-")
    if opened is None or form is None or (name, tag) != (opened.name, _tag(opened)):
        return Told(context.words("item.press_too_late"))
    if opened.step not in (asked, _PREVIEW):
        return Told(context.words(form.gone))
    opened.step = asked
    filling, step = FormContext(context, who, opened), _step(form, asked)
    if step is None or step.choose is None:
        return Told(context.words(form.gone))
    try:
        await form.check(filling)
        value = await step.choose(filling, press.arg)
    except Rejected as rejected:
        return Told(rejected.sentence)
    except Refusal as refusal:
        return Told(refusal.sentence)
    if isinstance(value, Message):  # another page of the same question
        return Replaced(value)
    opened.answers[step.name] = value
    context.toast()
    sent = await _go_on(filling, form, step)
    return _shown(form, opened, sent) if sent else Done(renew=False)


async def send(context: HandlerContext, who: Member, press: Press) -> Result:
    """Send a form from its preview."""
    opened = context.form
    form = FORMS.get(press.subject)
    if form is None or opened is None or (opened.name, opened.step) != (press.subject, _PREVIEW):
        return Told(context.words(form.gone if form else "item.press_too_late"))
    if press.arg != _mark(opened) and not form.any_preview_sends:
        return Told(context.words(form.rewritten))
    filling = FormContext(context, who, opened)
    try:
        sent = await form.send(filling)
    except Refusal as refusal:
        if not refusal.keeps_open:
            await close_form(context.work, who.id)
        return Told(refusal.sentence)
    except (Impossible, NotEntitled):
        await close_form(context.work, who.id)
        return Told(context.words(form.too_late))
    await close_form(context.work, who.id)
    return _shown(form, opened, sent)


async def cancel(context: HandlerContext, who: Member, press: Press) -> Result:
    """Let a form be, with all that was collected for it."""
    opened, form = context.form, FORMS.get(press.subject)
    if opened is not None and form is not None and (opened.name, opened.subject_id or "") == (form.name, press.arg):
        if form.discard is not None:
            await form.discard(FormContext(context, who, opened))
        await close_form(context.work, who.id)
    if form is None or form.area is None or not form.card_when_cancelled:
        return Replaced(Message(context.words("item.cancelled")))
    return Done(card=(form.area, press.arg))


async def _say(filling: FormContext, form: Form, sent: Sent) -> None:
    context = filling.context
    if sent.card and form.area is not None:
        show = SUBJECTS[form.area].card
        card = await show(context, filling.who, filling.subject_id) if show else None
        if card is not None:
            await context.say(card)
    elif sent.text is not None:
        await context.say(Message(sent.text))


def _shown(form: Form, opened: OpenForm, sent: Sent) -> Result:
    if sent.card and form.area is not None:
        return Done(sent.text, card=(form.area, opened.subject_id or ""))
    return Replaced(Message(sent.text)) if sent.text is not None else Done(renew=False)


async def _refused(context: HandlerContext, _who: Member, press: Press, _refusal: Exception) -> None:
    form = FORMS.get(press.subject.partition("-")[0])
    context.alert(form.too_late if form else "item.press_too_late")


SUBJECT = register_subject(
    Subject(AREA, (Action("choose", choose), Action("send", send), Action("cancel", cancel)), _refused)
)


# ---- small things


def _given(context: HandlerContext) -> Given:
    match context.update.content:
        case Text(text):
            return Given(text.strip())
        case File(file, caption):
            return Given(caption.strip(), file)
        case Contact() | Location() | _:
            return Given()


def _step(form: Form, name: str) -> Step | None:
    return next((step for step in form.steps if step.name == name), None)


def _cancel_row(filling: FormContext, step: Step | None) -> Rows:
    return ((filling.cancel,),) if step is None or step.read is None else ()


def _tag(form: OpenForm) -> str:
    """Name the record a question is about, so that a button under one of another record answers nothing."""
    return sha256((form.subject_id or "").encode()).hexdigest()[:4]


def _mark(form: OpenForm) -> str:
    """Name one set of answers, so that the button under an earlier preview cannot send a later one."""
    content = json.dumps([form.subject_id, form.answers], ensure_ascii=False, sort_keys=True)
    return sha256(content.encode()).hexdigest()[:_MARK_LENGTH]
