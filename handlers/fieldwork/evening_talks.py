"""Evening talks: announced in a village, logged message by message, each suggestion solved or made a case of."""

import re
from datetime import date, time, timedelta

from handlers import forms
from handlers.actions import Action, Done, NothingDone, Replaced, Result, Subject, back, button, register
from handlers.context import HandlerContext
from handlers.fieldwork.labels import talk_day
from handlers.fieldwork.receipts import show_receipt
from handlers.forms import Form, FormContext, FormInput, FormOutcome, FormRefused, Rejected, Step, with_form, written
from handlers.press import Press
from handlers.steps import coming_day, pressed_day
from models.fieldwork import EveningTalk
from models.rounds import PlaceKind
from models.states import Impossible, NotEntitled
from services.access.member import Member
from services.directory import Directory
from services.fieldwork.evening_talks import (
    LONGEST_SUGGESTION,
    LoggedSuggestion,
    counts_at,
    log_suggestion,
    make_case,
    plan_talk,
    solve,
    suggestions_of,
    talk_of,
    talks_at,
)
from services.fieldwork.places import FieldPlace, place_worked_at
from services.intake.submit import RoundOver
from services.rectification.due_dates import Unclear
from texts.catalogue import Html
from texts.dates import day
from texts.message import Button, Message

AREA = "evening"
SUGGESTIONS_A_PAGE = 6
_USUAL_TIMES = ("19:00", "19:30", "20:00")
_LONGEST_PLACE = 100  # characters
_TIME = re.compile(
    r"(?:晚上|晚|下午|夜里|夜裡|pm)?\s*(\d{1,2})\s*[:：点點时時]\s*(半|\d{2})?\s*分?\s*(?:pm)?", re.IGNORECASE
)
_NOON = 12


# ---- the talks of a village


def _village_of(known: Directory, who: Member, key: str) -> FieldPlace:
    """Return a village where somebody works. Raises NotEntitled."""
    place = place_worked_at(known, who, key)
    if place.kind != PlaceKind.VILLAGE:
        raise NotEntitled
    return place


async def talk_list(context: HandlerContext, who: Member, key: str) -> Message:
    """Return the evening talks of a village, each with a button. Raises NotEntitled."""
    words, village = context.words, _village_of(await context.work.directory(), who, key)
    talks, counts = await talks_at(context.work, village), await counts_at(context.work, [village])
    lines = [words("field.talks_heading", name=village.name)]
    if talks:
        lines.append(words("field.talks_line", talks=counts.talks, suggested=counts.suggested, solved=counts.solved))
    else:
        lines.append(words("field.no_talks"))
    rows = [(Button(talk_day(context.work, words, one), Press(AREA, "open", one.id).pack()),) for one in talks]
    new = button(words, "field.button_announce", Press("place", "announce", key).pack())
    return Message(Html("\n".join(lines)), (*rows, (new,), (back(words, "place", "card", key),)))


async def talk_card(context: HandlerContext, who: Member, talk_id: str) -> Message | None:
    """Return the card of an evening talk; None when it is none of their team's."""
    try:
        return await _card_from(context, who, talk_id, 0)
    except NotEntitled:
        return None


async def _card_from(context: HandlerContext, who: Member, talk_id: str, start: int) -> Message:
    """Return the card with the suggestions from one on. Raises NotEntitled."""
    words, (talk, village) = context.words, await talk_of(context.work, who, talk_id)
    logged = await suggestions_of(context.work, who, talk_id)
    shown = logged[start : start + SUGGESTIONS_A_PAGE]
    suggested, solved = talk.counted + len(logged), talk.counted_solved + sum(one.is_solved for one in logged)
    lines = [
        words("field.talk_heading", village=village.name, day=talk_day(context.work, words, talk)),
        *([words("field.talk_place", place=talk.place)] if talk.place else []),
        words("field.talk_counts", suggested=suggested, solved=solved),
        *(_suggestion_line(context, one) for one in shown),
    ]
    own = [
        button(words, "field.button_log", Press(AREA, "log", talk.id).pack()),
        button(words, "field.button_notice", Press(AREA, "notice", talk.id).pack()),
    ]
    settle = [
        tuple(
            Button(words.plain(f"field.button_{name}", n=one.position + 1), Press(AREA, name, one.id).pack())
            for name in ("solve", "make_case")
        )
        for one in shown
        if not one.is_solved and not one.is_case
    ]
    turns = [_turn(context, "team.first_page", talk, 0)] if start else []
    if len(logged) > start + SUGGESTIONS_A_PAGE:
        turns.append(_turn(context, "team.next_page", talk, start + SUGGESTIONS_A_PAGE))
    end = [(back(words, "place", "open", village.key),)]
    return Message(
        Html("\n".join(lines)), (tuple(own), *settle, *([tuple(turns)] if turns else []), *end), protect=True
    )


def _suggestion_line(context: HandlerContext, one: LoggedSuggestion) -> Html:
    words = context.words
    text = one.text if one.text is not None else words("field.suggestion_gone")
    key = "solved" if one.is_solved else "case" if one.is_case else "open"
    return words(f"field.suggestion_{key}", n=one.position + 1, text=text, number=one.case_id or "")


def _turn(context: HandlerContext, key: str, talk: EveningTalk, start: int) -> Button:
    return button(context.words, key, Press(AREA, "page", talk.id, str(start)).pack())


async def _open(context: HandlerContext, who: Member, press: Press) -> Result:
    """Show a card in a message of its own."""
    card = await _card_from(context, who, press.subject, 0)
    await context.show_card(AREA, press.subject, card)
    return Done(renew=False)


async def _page(context: HandlerContext, who: Member, press: Press) -> Result:
    """Show other suggestions."""
    start = int(press.arg) if press.arg.isdecimal() else 0
    return Replaced(await _card_from(context, who, press.subject, start))


async def _notice(context: HandlerContext, who: Member, press: Press) -> Result:
    """Say the text that announces a talk, to be forwarded: nothing but what anybody may know is in it."""
    talk, village = await talk_of(context.work, who, press.subject)
    known = await context.work.directory()
    team = known.teams[village.team_id].name if village.team_id else ""
    key = "field.notice_text" if talk.place else "field.notice_text_no_place"
    when = talk_day(context.work, context.words, talk)
    await context.say(Message(context.words(key, village=village.name, day=when, place=talk.place or "", team=team)))
    return Done(renew=False)


async def _solve(context: HandlerContext, who: Member, press: Press) -> Result:
    talk = await solve(context.work, who, press.subject)
    return Done(context.words("field.solved"), card=(AREA, talk.id))


async def _make_case(context: HandlerContext, who: Member, press: Press) -> Result:
    """Make a case of a suggestion, and show its receipt for whoever made it."""
    try:
        submission, _, talk = await make_case(context.work, who, press.subject)
    except RoundOver:
        return NothingDone(context.words("field.round_over"))
    await show_receipt(context, submission.receipt)
    return Done(context.words("field.case_made"), card=(AREA, talk.id))


# ---- a new one


async def _village(form: FormContext) -> FieldPlace:
    return _village_of(await form.context.work.directory(), form.who, form.subject_id)


async def _ask_for_day(form: FormContext) -> Message:
    today = form.context.work.today
    days = [today + timedelta(days=later) for later in range(3)]
    row = tuple(form.choice(day(form.words, one, today), f"{one:%Y%m%d}") for one in days)
    return Message(form.words("field.talk_day_prompt", name=(await _village(form)).name), (row, (form.cancel,)))


async def _read_day(form: FormContext, entered: FormInput) -> str:
    work = form.context.work
    found = await coming_day(form, entered.text)
    if isinstance(found, Unclear) or found < work.today:
        raise Rejected(form.words("field.talk_day_please"))
    return found.isoformat()


async def _choose_day(form: FormContext, value: str) -> str:
    return await _read_day(form, FormInput(pressed_day(value)))


async def _ask_for_time(form: FormContext) -> Message:
    row = tuple(form.choice(one, one.replace(":", "")) for one in _USUAL_TIMES)
    return Message(form.words("field.talk_time_prompt"), (row, (form.cancel,)))


async def _read_time(form: FormContext, entered: FormInput) -> str:
    """Take an hour of an afternoon or evening, with or without minutes."""
    found = read_time(entered.text)
    if found is None:
        raise Rejected(form.words("field.talk_time_please"))
    return f"{found:%H:%M}"


def read_time(typed: str) -> time | None:
    """Return the time that was written; None when it is none. "7点半" means the evening, as such talks do."""
    found = _TIME.fullmatch(typed.strip())
    if found is None:
        return None
    hour, minute = int(found[1]), 30 if found[2] == "半" else int(found[2] or 0)
    try:
        return time(hour + (_NOON if 0 < hour < _NOON else 0), minute)
    except ValueError:
        return None


async def _choose_time(form: FormContext, value: str) -> str:
    return await _read_time(form, FormInput(f"{value[:2]}:{value[2:]}"))


async def _ask_for_place(form: FormContext) -> Message:
    usual = form.choice(form.words.plain("field.usual_place"), "usual")
    return Message(form.words("field.talk_place_prompt"), ((usual,), (form.cancel,)))


async def _read_place(form: FormContext, entered: FormInput) -> str:
    return written(form, entered, _LONGEST_PLACE, "item.text_please")


async def _choose_place(form: FormContext, _value: str) -> str:
    return form.words.plain("field.usual_place")


async def _announce(form: FormContext) -> FormOutcome:
    answers = form.answers
    begins_at = time.fromisoformat(answers["time"])
    held_on = date.fromisoformat(answers["day"])
    talk = await plan_talk(form.context.work, form.who, form.subject_id, held_on, begins_at, answers["at"])
    await form.context.show_card(AREA, talk.id, await _card_from(form.context, form.who, talk.id, 0))
    return FormOutcome()


ANNOUNCE_TALK = Form(
    "announce_talk",
    (
        Step("day", _ask_for_day, _read_day, _choose_day),
        Step("time", _ask_for_time, _read_time, _choose_time),
        Step("at", _ask_for_place, _read_place, _choose_place),
    ),
    check=_village,
    send=_announce,
    too_late="field.press_too_late",
)


# ---- logging: one message, one suggestion


async def _talk(form: FormContext) -> tuple[EveningTalk, FieldPlace]:
    return await talk_of(form.context.work, form.who, form.subject_id)


async def _ask_for_suggestion(form: FormContext) -> Message:
    return Message(form.words("field.log_prompt"), ((form.cancel,),))


async def _log(form: FormContext, entered: FormInput) -> int:
    """Note one suggestion at once: nothing is lost if the form is never closed."""
    text = written(form, entered, LONGEST_SUGGESTION, "item.text_please")
    try:
        return await log_suggestion(form.context.work, form.who, form.subject_id, text)
    except Impossible:
        raise FormRefused(form.words("field.enough_suggestions")) from None


async def _show_logged(form: FormContext) -> Message:
    return Message(form.words("field.logged", count=form.answers["suggestion"]))


async def _end_log(form: FormContext) -> FormOutcome:
    await _talk(form)
    return FormOutcome(form.words("field.log_ended"), card=True)


LOG_SUGGESTIONS = Form(
    "log_suggestions",
    (Step("suggestion", _ask_for_suggestion, _log),),
    check=_talk,
    preview=_show_logged,
    send_label="field.button_log_end",
    send=_end_log,
    revise=lambda _form, _entered: "suggestion",
    any_preview_sends=True,
    too_late="field.press_too_late",
    area=AREA,
    card_when_cancelled=True,
)
forms.register(ANNOUNCE_TALK, LOG_SUGGESTIONS)


async def _refused(context: HandlerContext, _who: Member, _press: Press, refusal: Exception) -> None:
    context.alert("field.press_too_late" if isinstance(refusal, Impossible) else "field.not_yours")


SUBJECT = register(
    Subject(
        AREA,
        (
            Action("open", _open),
            Action("page", _page),
            Action("log", with_form(LOG_SUGGESTIONS)),
            Action("notice", _notice),
            Action("solve", _solve),
            Action("make_case", _make_case),
        ),
        _refused,
        card=talk_card,
        stranger_key="field.not_yours",
        unknown_key="field.press_too_late",
    )
)
