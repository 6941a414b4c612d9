"""Forms that staff fill in: steps, each a question with its check and its buttons, then a preview and one press.

A form is data. Its answers are a row (services.people.forms), so it survives a restart; one function asks, takes and
sends whatever the form is about.
"""

import json
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from handlers.actions import SUBJECTS, Action, Done, NothingDone, Replaced, Result, Run, Subject, button
from handlers.actions import register as register_subject
from handlers.context import HandlerContext
from handlers.incoming import File, Text, UnfitFile
from handlers.press import Press, short_digest
from media.kinds import Cleaned
from models.states import Impossible, NotEntitled
from services.access.member import Member
from services.people.forms import (
    OpenForm,
    Question,
    SpeaksAsResident,
    close_form,
    close_question,
    kept_words,
    save_form,
)
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
    message with the text as a short line, else instead of the text. `subject`: of the record that came of it, where the
    form itself is about none or another.
    """

    text: Html | None = None
    card: bool = False
    subject: str | None = None


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

    def choice(self, label: str, value: str = "", *, of_step: str | None = None) -> Button:
        """Return a button that answers the open step, or an earlier one at the preview. `value`: no dot in it."""
        step = f"{self.form.name}-{of_step or self.form.step}-{_subject_digest(self.form)}"
        return Button(label, Press(AREA, "choose", step, value).pack())

    @property
    def cancel(self) -> Button:
        """The button that cancels the form."""
        return cancel_button(self.words, self.form)


Ask: TypeAlias = Callable[[FormContext], Awaitable[Message]]
Read: TypeAlias = Callable[[FormContext, FormInput], Awaitable[Any]]
Choose: TypeAlias = Callable[[FormContext, str], Awaitable[Any]]


@dataclass(frozen=True)
class Step:
    """One question. `ask` puts it; `read` and `choose` return the answer as JSON, from words or files and from buttons.

    Both may raise Rejected. A step without `read` is answered by its buttons alone. One that asks for a reason is
    answered by what was written just before the form was opened.
    """

    name: str
    ask: Ask
    read: Read | None = None
    choose: Choose | None = None
    skip: Callable[[FormContext], bool] = field(default=lambda _form: False)
    is_reason: bool = False


@dataclass(frozen=True)
class Form:
    """What is asked, what is shown before it is sent, and what sending it does.

    `check` raises Impossible, NotEntitled or FormRefused when it cannot be sent any more; it is asked before every
    answer. Without a `preview` the last answer sends it. At the preview, words answer the step that `revise` names.
    What `send`, or a step that reads words, raises and another answer would mend stands in `refusals`, with the key of
    the sentence that says so.
    """

    name: str
    steps: Sequence[Step]
    check: Callable[[FormContext], Awaitable[object]]
    send: Callable[[FormContext], Awaitable[FormOutcome]]
    too_late: str  # the key of a sentence
    refusals: Mapping[type[Exception], str] = field(default_factory=dict)
    preview: Ask | None = None
    send_label: str = ""
    revise: Callable[[FormContext, FormInput], str | None] = field(default=lambda _form, _form_input: None)
    any_preview_sends: bool = False  # also the button under an earlier one
    rewritten: str = "item.preview_rewritten"
    gone: str = "item.press_too_late"
    area: str | None = None  # of the subject whose card is shown
    card_when_cancelled: bool = False
    discard: Callable[[FormContext], Awaitable[None]] | None = None  # what was collected for it
    # why no other form takes its place now, as the key of a sentence
    ends_first: Callable[[OpenForm], str | None] = field(default=lambda _open_form: None)


FORMS: dict[str, Form] = {}


def register(*forms: Form) -> None:
    """Make forms known by their names; a name that is taken already is a programming error and raises."""
    for form in forms:
        if form.name in FORMS:
            raise ValueError(f"Two forms are called {form.name}.")
        FORMS[form.name] = form


async def begin(context: HandlerContext, who: Member, form: Form, subject_id: str | None = None) -> Result:
    """Open a form at the first step that is not skipped, in a message of its own.

    Raises what its check raises, and SpeaksAsResident.

    A reason that was written before is not asked for: it is shown, to be looked at and sent. The first question may be
    refused as the check may.
    """
    open_already = FORMS.get(context.form.name) if context.form else None
    if context.form is not None and open_already is not None and (first_key := open_already.ends_first(context.form)):
        return NothingDone(context.words(first_key))
    form_context = FormContext(context, who, OpenForm(form.name, subject_id, form.steps[0].name))
    first = next(step for step in form.steps if not step.skip(form_context))
    form_context.form.step = first.name
    try:
        await form.check(form_context)
        question = await first.ask(form_context)
    except FormRefused as refusal:
        return NothingDone(refusal.sentence)
    kept = await kept_words(context.work, who.id) if first.is_reason and first.read is not None else None
    try:
        if kept is not None:
            form_context.answers[first.name] = await _answer(form_context, form, first, FormInput(kept))
    except Rejected:
        kept = None
    if kept is None:
        await _ask(form_context, question)
    else:
        await _advance(form_context, form, first, kept=kept)
    return Done(renew=False)


async def _ask(form_context: FormContext, message: Message, *, in_place: bool = False) -> None:
    """Put a question; what can be pressed under the last one goes. `in_place`: it stands where the last one stood."""
    context, who, open_form = form_context.context, form_context.who, form_context.form
    last, here = context.form.question if context.form else None, str(context.update.address)
    if in_place and last is not None and last.address == here:
        asked = replace(last, text=message.text)
    else:
        await close_question(context.work, who.id, last)
        asked = Question(secrets.token_hex(4), message.text, here)
    open_form.question = asked if context.capabilities.editing else None  # elsewhere the buttons stay
    await save_form(context.work, who.id, open_form)
    context.asked = message
    await context.say(message, key=asked.key(who.id) if open_form.question else None)


async def drop(context: HandlerContext, who: Member) -> None:
    """Close the form somebody is filling in, and the question it has put."""
    if context.form is not None:
        await close_form(context.work, who.id)
        await close_question(context.work, who.id, context.form.question)


def with_form(form: Form) -> Run:
    """Return what an action does that asks for words first."""

    async def run(context: HandlerContext, who: Member, press: Press) -> Result:
        return await begin(context, who, form, press.subject)

    return run


async def begin_by_command(context: HandlerContext, who: Member, form: Form) -> None:
    """Open a form as a command does, in words where a button would alert: say why, where it cannot be begun.

    Raises what its check raises.
    """
    try:
        result = await begin(context, who, form)
    except SpeaksAsResident:
        await context.say(Message(context.words("staff.resident_first")))
        return
    if isinstance(result, NothingDone):
        await context.say(Message(result.text))


def written(form_context: FormContext, entered: FormInput, max_length: int, please: str) -> str:
    """Return what was written; raise Rejected with the sentence `please` when there is nothing, or too much.

    `max_length` is in characters.
    """
    if not entered.text or len(entered.text) > max_length:
        raise Rejected(form_context.words(please, most=max_length))
    return entered.text


async def take_message(context: HandlerContext, who: Member, open_form: OpenForm) -> None:
    """Take a message as the answer to the open step, and go on."""
    form = FORMS.get(open_form.name)
    if form is None:  # of an earlier version
        await drop(context, who)
        await context.say(Message(context.words("staff.cancelled")))
        return
    form_context, entered = FormContext(context, who, open_form), _form_input(context)
    if open_form.step == _PREVIEW:
        unseen = form.steps[0].name if form.preview is None else _PREVIEW  # a reason that was written before
        open_form.step = form.revise(form_context, entered) or unseen
    step = _step(form, open_form.step)
    try:
        await form.check(form_context)
        if step is None:
            raise Rejected(context.words("office.press_please"))
        open_form.answers[step.name] = await _answer(form_context, form, step, entered)
    except Rejected as rejected:
        if rejected.buttons:
            await _ask(form_context, Message(rejected.sentence, rejected.buttons))
        else:
            await context.say(Message(rejected.sentence))
    except (Impossible, NotEntitled, FormRefused) as refusal:
        await _refuse(form_context, form, refusal)
    else:
        if outcome := await _advance(form_context, form, step):
            await close_question(context.work, who.id, open_form.question)
            await _say_outcome(form_context, form, outcome)


async def _answer(form_context: FormContext, form: Form, step: Step, entered: FormInput) -> Any:
    """Return the answer to a step in words or files. Raises Rejected."""
    if step.read is None:
        raise Rejected(form_context.words("office.press_please"))
    try:
        return await step.read(form_context, entered)
    except tuple(form.refusals) as refusal:
        raise Rejected(_why(form_context, form, refusal)) from None


async def _advance(
    form_context: FormContext, form: Form, step: Step, *, kept: str | None = None, in_place: bool = False
) -> FormOutcome | None:
    """Ask the next question, or show the preview, or send; return what came of it when it was sent.

    What was written before the form was opened (`kept`) is shown in any case. `in_place`: the preview stands where the
    last one stood.
    """
    context, open_form = form_context.context, form_context.form
    later = list(form.steps)[list(form.steps).index(step) + 1 :]
    following = next(
        (other for other in later if other.name not in open_form.answers and not other.skip(form_context)), None
    )
    if following is not None:
        open_form.step = following.name
        await _ask(form_context, await following.ask(form_context))
        return None
    if form.preview is None and kept is None:
        return await _send(form_context, form)
    open_form.step = _PREVIEW
    try:
        kept_shown = Message(context.words("staff.use_kept", text=kept or ""))
        shown = kept_shown if form.preview is None else await form.preview(form_context)
    except FormRefused as refusal:
        await _refuse(form_context, form, refusal)
        return None
    data = Press(AREA, "send", form.name, _answers_digest(open_form)).pack()
    send = button(context.words, form.send_label or "staff.send_kept", data)
    buttons = (*shown.buttons, (send, form_context.cancel))
    await _ask(form_context, replace(shown, buttons=buttons), in_place=in_place)
    return None


async def _send(form_context: FormContext, form: Form) -> FormOutcome | None:
    try:
        outcome = await _sent(form_context, form)
    except (Impossible, NotEntitled, FormRefused) as refusal:
        await _refuse(form_context, form, refusal)
        return None
    await close_form(form_context.context.work, form_context.who.id)
    return outcome


async def _sent(form_context: FormContext, form: Form) -> FormOutcome:
    """Send a form, and return what came of it. Raises Impossible, NotEntitled and FormRefused."""
    try:
        return await form.send(form_context)
    except tuple(form.refusals) as refusal:
        raise FormRefused(_why(form_context, form, refusal), keeps_open=True) from None


def _why(form_context: FormContext, form: Form, refusal: Exception) -> Html:
    return form_context.words(next(key for kind, key in form.refusals.items() if isinstance(refusal, kind)))


async def _refuse(form_context: FormContext, form: Form, refusal: Exception) -> None:
    """Say why a form cannot go on; it is closed unless another answer would mend it."""
    if not (isinstance(refusal, FormRefused) and refusal.keeps_open):
        await close_form(form_context.context.work, form_context.who.id)
        await close_question(form_context.context.work, form_context.who.id, form_context.form.question)
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
    was_at_preview, open_form.step = is_at_preview(open_form), asked
    form_context, step = FormContext(context, who, open_form), _step(form, asked)
    if step is None or step.choose is None:
        return NothingDone(context.words(form.gone))
    try:
        await form.check(form_context)
        value = await step.choose(form_context, press.arg)
    except FormRefused as refused:
        return NothingDone(refused.sentence)
    except Rejected as rejected:
        if not rejected.buttons:
            return NothingDone(rejected.sentence)
        await _ask(form_context, Message(rejected.sentence, rejected.buttons), in_place=True)
        return Done(renew=False)
    if isinstance(value, Message):  # another page of the same question
        return Replaced(value)
    open_form.answers[step.name] = value
    context.toast()
    outcome = await _advance(form_context, form, step, in_place=was_at_preview)
    return await _result_of(form_context, form, outcome) if outcome else Done(renew=False)


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
        outcome = await _sent(form_context, form)
    except FormRefused as refusal:
        if not refusal.keeps_open:
            await drop(context, who)
        return NothingDone(refusal.sentence)
    except (Impossible, NotEntitled):
        await drop(context, who)
        return NothingDone(context.words(form.too_late))
    await close_form(context.work, who.id)
    return await _result_of(form_context, form, outcome)


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
        await close_question(context.work, who.id, open_form.question, replaced=context.update.message_id)
    if form is None or form.area is None or not form.card_when_cancelled:
        return Replaced(Message(context.words("item.cancelled")))
    return Done(card=(form.area, press.arg))


async def _say_outcome(form_context: FormContext, form: Form, outcome: FormOutcome) -> None:
    context = form_context.context
    if outcome.card and form.area is not None:
        show = SUBJECTS[form.area].card
        subject_id = outcome.subject or form_context.subject_id
        card = await show(context, form_context.who, subject_id) if show else None
        if card is not None:
            await context.show_card(form.area, subject_id, card)
    elif outcome.text is not None:
        await context.say(Message(outcome.text))


async def _result_of(form_context: FormContext, form: Form, outcome: FormOutcome) -> Result:
    """Return what becomes of the pressed message, once a form was sent from it."""
    context, shows_card = form_context.context, outcome.card and form.area is not None
    replaced = context.update.message_id if shows_card or outcome.text is not None else None
    await close_question(context.work, form_context.who.id, form_context.form.question, replaced=replaced)
    if shows_card and form.area is not None:
        return Done(outcome.text, card=(form.area, outcome.subject or form_context.subject_id))
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


def takes_words(open_form: OpenForm) -> bool:
    """Whether an open form can be answered in words now; at the preview they answer a step anew."""
    form = FORMS.get(open_form.name)
    step = _step(form, open_form.step) if form else None
    return is_at_preview(open_form) or (step is not None and step.read is not None)


def is_at_preview(open_form: OpenForm) -> bool:
    """Whether all is answered, and waits to be sent."""
    return open_form.step == _PREVIEW


def state_of(open_form: OpenForm) -> str:
    """Return a digest of a form as far as it is filled in: what was asked in that state is asked still."""
    content = [open_form.name, open_form.subject_id, open_form.step, open_form.answers]
    return short_digest(json.dumps(content, ensure_ascii=False, sort_keys=True), 16)


def cancel_button(words: Words, open_form: OpenForm) -> Button:
    """Return the button that cancels an open form."""
    return button(words, "common.cancel", Press(AREA, "cancel", open_form.name, open_form.subject_id or "").pack())


def _step(form: Form, name: str) -> Step | None:
    return next((step for step in form.steps if step.name == name), None)


def _subject_digest(form: OpenForm) -> str:
    """Return a digest of the record a question is about: a button under a question about another record is refused."""
    return short_digest(form.subject_id or "", 4)


def _answers_digest(form: OpenForm) -> str:
    """Return a digest of record and answers: the button under an earlier preview is refused."""
    content = json.dumps([form.subject_id, form.answers], ensure_ascii=False, sort_keys=True)
    return short_digest(content, 8)
