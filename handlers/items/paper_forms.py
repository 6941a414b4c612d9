"""The forms in which a unit writes its papers: a plan, the answer at half time, that more time is asked for.

Another set of forms asks whoever gives one back, or decides on it, for words.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any

from handlers import forms
from handlers.forms import Form, FormContext, FormInput, FormOutcome, FormRefused, Rejected, Step, written
from handlers.items.days import choose_day, read_day
from handlers.items.labels import number
from handlers.items.paper_text import paper_text, said
from models.rectification import ItemPaper, RectificationItem
from models.states import Actor, PaperKind
from services.access.member import Member
from services.rectification.item_log import item_seen
from services.rectification.papers import (
    AskedTooLate,
    NotWanted,
    TooManyDays,
    decline_plan,
    give_back,
    grant_extension,
    hand_in,
    item_to_write_about,
    may,
    refuse_extension,
)
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html
from texts.dates import day
from texts.message import Message

AREA = "paper"
LONGEST_FIELD = 800  # characters
_Decide = Callable[[UnitOfWork, Member, str, str], Awaitable[ItemPaper]]


async def item_checked(form: FormContext, kind: PaperKind) -> RectificationItem:
    """Return the item about which a paper is written; raise FormRefused with why none is taken now."""
    try:
        return await item_to_write_about(form.context.work, form.who, form.subject_id, kind)
    except (NotWanted, AskedTooLate) as refusal:
        raise FormRefused(form.words(why_not(kind, refusal))) from None


def why_not(kind: PaperKind, refusal: NotWanted | AskedTooLate) -> str:
    """Return the key of the sentence that says why a paper is not taken."""
    return "paper.asked_too_late" if isinstance(refusal, AskedTooLate) else f"paper.not_wanted_{kind}"


async def hand_in_paper(form: FormContext, kind: PaperKind, content: dict[str, Any]) -> FormOutcome:
    """Hand in what was written, and say what becomes of it: of the liaison's, that the head has yet to confirm it."""
    try:
        await hand_in(form.context.work, form.who, form.subject_id, kind, content)
    except (NotWanted, AskedTooLate) as refusal:
        raise FormRefused(form.words(why_not(kind, refusal))) from None
    except TooManyDays as refusal:
        raise FormRefused(form.words("paper.too_many_days", most=refusal.most), keeps_open=True) from None
    item = await item_seen(form.context.work, form.who, form.subject_id)
    is_head = Actor.UNIT_HEAD in form.who.actors_at_item(item)
    return FormOutcome(form.words(f"paper.done_{kind}" if is_head else "paper.done_prepare"), card=True)


# ---- the steps


def _text_step(name: str, *, none_label: str | None = None) -> Step:
    """Return a step that asks for a field in words; `none_label`: of the button that says there is nothing."""

    async def ask(form: FormContext) -> Message:
        item = await item_seen(form.context.work, form.who, form.subject_id)
        text = form.words(f"paper.ask_{name}", number=number(item), most=LONGEST_FIELD)
        none = ((form.choice(form.words.plain(none_label)),),) if none_label else ()
        return Message(text, (*none, (form.cancel,)))

    async def read(form: FormContext, entered: FormInput) -> str:
        return written(form, entered, LONGEST_FIELD, "item.text_please")

    async def choose(form: FormContext, _value: str) -> str:
        return form.words.plain(none_label or "")

    return Step(name, ask, read, choose if none_label else None)


def _day_step(kind: PaperKind) -> Step:
    """Return the step that asks for a day; but for more time, the due day has a button."""

    async def ask(form: FormContext) -> Message:
        item = await item_seen(form.context.work, form.who, form.subject_id)
        due = day(form.words, item.due_on, form.context.work.today)
        text = form.words(f"paper.ask_until_{kind}", number=number(item), day=due)
        is_to_come = item.due_on >= form.context.work.today and kind is not PaperKind.EXTENSION
        usual = ((form.choice(due, f"{item.due_on:%Y%m%d}"),),) if is_to_come else ()
        return Message(text, (*usual, (form.cancel,)))

    async def read(form: FormContext, entered: FormInput) -> str:
        until = await read_day(form, entered)
        if kind is PaperKind.EXTENSION:
            item = await item_seen(form.context.work, form.who, form.subject_id)
            if date.fromisoformat(until) <= item.due_on:
                due = day(form.words, item.due_on, form.context.work.today)
                raise Rejected(form.words("paper.no_later", day=due))
        return until

    async def choose(form: FormContext, value: str) -> str:
        return await choose_day(form, value)

    return Step("until", ask, read, choose)


def _paper_form(kind: PaperKind, steps: Sequence[Step]) -> Form:
    async def show(form: FormContext) -> Message:
        item = await item_seen(form.context.work, form.who, form.subject_id)
        days = (date.fromisoformat(form.answers["until"]) - item.due_on).days
        paper = ItemPaper(kind=kind, content=form.answers | {"days": days})
        is_head = Actor.UNIT_HEAD in form.who.actors_at_item(item)
        title = form.words("paper.preview" if is_head else "paper.preview_for_head", number=number(item))
        return Message(Html("\n".join([title, *said(form.words, paper)])))

    return Form(
        f"{kind}_item",
        steps,
        check=lambda form: item_checked(form, kind),
        preview=show,
        send_label="paper.button_send",
        send=lambda form: hand_in_paper(form, kind, dict(form.answers)),
        revise=lambda _form, _entered: steps[-1].name,
        too_late="item.press_too_late",
        area="item",
        card_when_cancelled=True,
    )


WRITE_PLAN = _paper_form(
    PaperKind.PLAN,
    (_text_step("measures"), _text_step("people"), _day_step(PaperKind.PLAN)),
)
WRITE_MIDTERM = _paper_form(
    PaperKind.MIDTERM,
    (
        _text_step("done"),
        _text_step("hindered", none_label="paper.button_nothing_hinders"),
        _day_step(PaperKind.MIDTERM),
    ),
)
WRITE_EXTENSION = _paper_form(PaperKind.EXTENSION, (_day_step(PaperKind.EXTENSION), _text_step("why")))


# ---- words of whoever gives a paper back, or decides on it


def _with_words(action: str, decide: _Decide) -> Form:
    async def ask(form: FormContext) -> Message:
        paper = await may(form.context.work, form.who, form.subject_id, action)
        shown = await paper_text(form.context.work, form.words, paper)
        asked = form.words(f"paper.ask_{action}", most=LONGEST_FIELD)
        return Message(Html(f"{shown}\n\n{asked}"), ((form.cancel,),))

    async def read(form: FormContext, entered: FormInput) -> str:
        return written(form, entered, LONGEST_FIELD, "item.text_please")

    async def send(form: FormContext) -> FormOutcome:
        await decide(form.context.work, form.who, form.subject_id, form.answers["words"])
        return FormOutcome(form.words(f"paper.done_{action}"), card=True)

    return Form(
        action,
        (Step("words", ask, read, is_reason=True),),
        check=lambda form: may(form.context.work, form.who, form.subject_id, action),
        send=send,
        too_late="item.press_too_late",
        area=AREA,
        card_when_cancelled=True,
    )


GIVE_BACK = _with_words("give_back", give_back)
DECLINE_PLAN = _with_words("decline_plan", decline_plan)
GRANT_EXTENSION = _with_words("grant_extension", grant_extension)
REFUSE_EXTENSION = _with_words("refuse_extension", refuse_extension)

forms.register(WRITE_PLAN, WRITE_MIDTERM, WRITE_EXTENSION, GIVE_BACK, DECLINE_PLAN, GRANT_EXTENSION, REFUSE_EXTENSION)
