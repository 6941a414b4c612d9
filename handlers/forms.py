"""Forms that staff fill in: steps, each a question with its check and its buttons, then a preview and one press.

A form is data. Its answers are a row (services.people.forms), so it survives a restart; one function asks, takes and
sends whatever the form is about.
"""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from handlers.actions import SUBJECTS, Action, Done, NothingDone, Replaced, Result, Run, Subject, button
from handlers.actions import register as register_subject
from handlers.context import HandlerContext
from handlers.incoming import File, Text, UnfitFile
from handlers.press import Press, short_digest
from media.kinds import Cleaned
from models.states import Impossible, NotEntitled
from services.access.member import Member
from services.people.forms import OpenForm, close_form, save_form
from texts.catalogue import Html, Words
from texts.message import Button, Message, Rows

AREA = "form"
_PREVIEW = "preview"


@dataclass(frozen=True)
class FormInput:
    """What somebody sent as an answer in a form: text, a file, or both."""

    text: str = ""
    file: Cleaned | UnfitFile | None = None


class Rejected(Exception):
    """What was given will not do. The sentence says what to do instead; the question stays open."""

    def __init__(self, sentence: Html, buttons: Rows = ()) -> None:
        super().__init__()
        self.sentence = sentence
        self.buttons = buttons


class FormRefused(Exception):
    """The form cannot be begun or sent, as the sentence says. `keeps_open`: another answer would mend it."""

    def __init__(self, sentence: Html, *, keeps_open: bool = False) -> None:
        super().__init__()
        self.sentence = sentence
        self.keeps_open = keeps_open


@dataclass(frozen=True)
class FormOutcome:
    """What came of a form, to be said. With `card`, the present card of its subject is shown: in place of a pressed
    message with the text as a short line, else instead of the text.
    """

    text: Html | None = None
    card: bool = False


@dataclass(frozen=True)
class FormContext:
    """A form that is being filled in, as its functions get it."""

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
        step = f"{self.form.name}-{self.form.step}-{_subject_digest(self.form)}"
        return Button(label, Press(AREA, "choose", step, value).pack())

    @property
    def cancel(self) -> Button:
        """The button that cancels the form."""
        data = Press(AREA, "cancel", self.form.name, self.subject_id).pack()
        return button(self.words, "common.cancel", data)


Ask: TypeAlias = Callable[[FormContext], Awaitable[Message]]
Read: TypeAlias = Callable[[FormContext, FormInput], Awaitable[Any]]
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

    `check` raises Impossible, NotEntitled or FormRefused when it cannot be sent any more; it is asked before every
    answer. Without a `preview` the last answer sends it. At the preview, words answer the step that `revise` names.
    """

    name: str
    steps: Sequence[Step]
    check: Callable[[FormContext], Awaitable[object]]
    send: Callable[[FormContext], Awaitable[FormOutcome]]
    too_late: str  # the key of a sentence
    preview: Ask | None = None
    send_label: str = ""
    revise: Callable[[FormContext, FormInput], str | None] = field(default=lambda _form, _form_input: None)
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
    """Open a form at its first step, in a message of its own. Raises what its check raises, and SpeaksAsResident.

    The first question may be refused as the check may.
    """
    form_context = FormContext(context, who, OpenForm(form.name, subject_id, form.steps[0].name))
    try:
        await form.check(form_context)
        question = await form.steps[0].ask(form_context)
    except FormRefused as refusal:
        return NothingDone(refusal.sentence)
    await save_form(context.work, who.id, form_context.form)
    await context.say(question)
    return Done(renew=False)


def with_form(form: Form) -> Run:
    """Return what an action does that asks for words first."""

    async def run(context: HandlerContext, who: Member, press: Press) -> Result:
        return await begin(context, who, form, press.subject)

    return run


async def take_message(context: HandlerContext, who: Member, open_form: OpenForm) -> None:
    """Take a message as the answer to the open step, and go on."""
    form = FORMS.get(open_form.name)
    if form is None:  # of an earlier version
        await close_form(context.work, who.id)
        await context.say(Message(context.words("staff.cancelled")))
        return
    form_context, entered = FormContext(context, who, open_form), _form_input(context)
    if open_form.step == _PREVIEW:
        open_form.step = form.revise(form_context, entered) or _PREVIEW
    step = _step(form, open_form.step)
    try:
        await form.check(form_context)
        if step is None or step.read is None:
            raise Rejected(context.words("office.press_please"))
        open_form.answers[step.name] = await step.read(form_context, entered)
    except Rejected as rejected:
        await context.say(Message(rejected.sentence, rejected.buttons or _cancel_row(form_context, step)))
    except (Impossible, NotEntitled, FormRefused) as refusal:
        await _refuse(form_context, form, refusal)
    else:
        if outcome := await _advance(form_context, form, step):
            await _say_outcome(form_context, form, outcome)


async def _advance(form_context: FormContext, form: Form, step: Step) -> FormOutcome | None:
    """Ask the next question, or show the preview, or send; return what came of it when it was sent."""
    context, who, open_form = form_context.context, form_context.who, form_context.form
    later = list(form.steps)[list(form.steps).index(step) + 1 :]
    following = next(
        (other for other in later if other.name not in open_form.answers and not other.skip(form_context)), None
    )
    if following is not None:
        open_form.step = following.name
        await save_form(context.work, who.id, open_form)
        await context.say(await following.ask(form_context))
        return None
    if form.preview is None:
        return await _send(form_context, form)
    open_form.step = _PREVIEW
    try:
        shown = await form.preview(form_context)
    except FormRefused as refusal:
        await _refuse(form_context, form, refusal)
        return None
    await save_form(context.work, who.id, open_form)
    data = Press(AREA, "send", form.name, _answers_digest(open_form)).pack()
    send = button(context.words, form.send_label, data)
    await context.say(Message(shown.text, (*shown.buttons, (send, form_context.cancel)), protect=shown.protect))
    return None


async def _send(form_context: FormContext, form: Form) -> FormOutcome | None:
    await close_form(form_context.context.work, form_context.who.id)
    try:
        return await form.send(form_context)
    except (Impossible, NotEntitled, FormRefused) as refusal:
        await _refuse(form_context, form, refusal)
        return None


async def _refuse(form_context: FormContext, form: Form, refusal: Exception) -> None:
    """Say why a form cannot go on; it is closed unless another answer would mend it."""
    if not (isinstance(refusal, FormRefused) and refusal.keeps_open):
        await close_form(form_context.context.work, form_context.who.id)
    await form_context.context.say(Message(_sentence(form_context.context, form, refusal)))


def _sentence(context: HandlerContext, form: Form, refusal: Exception) -> Html:
    return refusal.sentence if isinstance(refusal, FormRefused) else context.words(form.too_late)


# ---- presses


async def choose(context: HandlerContext, who: Member, press: Press) -> Result:
    """Answer the open step by a button of it; at the preview also an earlier one, anew."""
    open_form = context.form
    form = FORMS.get(open_form.name) if open_form else None
    name, _, rest = press.subject.partition("-")
    asked, _, tag = rest.partition("-")
    if open_form is None or form is None or (name, tag) != (open_form.name, _subject_digest(open_form)):
        return NothingDone(context.words("item.press_too_late"))
    if open_form.step not in (asked, _PREVIEW):
        return NothingDone(context.words(form.gone))
    open_form.step = asked
    form_context, step = FormContext(context, who, open_form), _step(form, asked)
    if step is None or step.choose is None:
        return NothingDone(context.words(form.gone))
    try:
        await form.check(form_context)
        value = await step.choose(form_context, press.arg)
    except (Rejected, FormRefused) as refused:
        return NothingDone(refused.sentence)
    if isinstance(value, Message):  # another page of the same question
        return Replaced(value)
    open_form.answers[step.name] = value
    context.toast()
    outcome = await _advance(form_context, form, step)
    return _result_of(form, open_form, outcome) if outcome else Done(renew=False)


async def send(context: HandlerContext, who: Member, press: Press) -> Result:
    """Send a form from its preview."""
    open_form = context.form
    form = FORMS.get(press.subject)
    if form is None or open_form is None or (open_form.name, open_form.step) != (press.subject, _PREVIEW):
        return NothingDone(context.words(form.gone if form else "item.press_too_late"))
    if press.arg != _answers_digest(open_form) and not form.any_preview_sends:
        return NothingDone(context.words(form.rewritten))
    form_context = FormContext(context, who, open_form)
    try:
        outcome = await form.send(form_context)
    except FormRefused as refusal:
        if not refusal.keeps_open:
            await close_form(context.work, who.id)
        return NothingDone(refusal.sentence)
    except (Impossible, NotEntitled):
        await close_form(context.work, who.id)
        return NothingDone(context.words(form.too_late))
    await close_form(context.work, who.id)
    return _result_of(form, open_form, outcome)


async def cancel(context: HandlerContext, who: Member, press: Press) -> Result:
    """Close a form and discard what was collected for it."""
    open_form, form = context.form, FORMS.get(press.subject)
    if (
        open_form is not None
        and form is not None
        and (open_form.name, open_form.subject_id or "") == (form.name, press.arg)
    ):
        if form.discard is not None:
            await form.discard(FormContext(context, who, open_form))
        await close_form(context.work, who.id)
    if form is None or form.area is None or not form.card_when_cancelled:
        return Replaced(Message(context.words("item.cancelled")))
    return Done(card=(form.area, press.arg))


async def _say_outcome(form_context: FormContext, form: Form, outcome: FormOutcome) -> None:
    context = form_context.context
    if outcome.card and form.area is not None:
        show = SUBJECTS[form.area].card
        card = await show(context, form_context.who, form_context.subject_id) if show else None
        if card is not None:
            await context.say(card)
    elif outcome.text is not None:
        await context.say(Message(outcome.text))


def _result_of(form: Form, open_form: OpenForm, outcome: FormOutcome) -> Result:
    if outcome.card and form.area is not None:
        return Done(outcome.text, card=(form.area, open_form.subject_id or ""))
    return Replaced(Message(outcome.text)) if outcome.text is not None else Done(renew=False)


async def _refused(context: HandlerContext, _who: Member, press: Press, _refusal: Exception) -> None:
    form = FORMS.get(press.subject.partition("-")[0])
    context.alert(form.too_late if form else "item.press_too_late")


SUBJECT = register_subject(
    Subject(AREA, (Action("choose", choose), Action("send", send), Action("cancel", cancel)), _refused)
)


# ---- inputs, steps and digests


def _form_input(context: HandlerContext) -> FormInput:
    match context.update.content:
        case Text(text):
            return FormInput(text.strip())
        case File(file, caption):
            return FormInput(caption.strip(), file)
        case _:
            return FormInput()


def _step(form: Form, name: str) -> Step | None:
    return next((step for step in form.steps if step.name == name), None)


def _cancel_row(form_context: FormContext, step: Step | None) -> Rows:
    return ((form_context.cancel,),) if step is None or step.read is None else ()


def _subject_digest(form: OpenForm) -> str:
    """Return a digest of the record a question is about: a button under a question about another record is refused."""
    return short_digest(form.subject_id or "", 4)


def _answers_digest(form: OpenForm) -> str:
    """Return a digest of record and answers: the button under an earlier preview is refused."""
    content = json.dumps([form.subject_id, form.answers], ensure_ascii=False, sort_keys=True)
    return short_digest(content, 8)
