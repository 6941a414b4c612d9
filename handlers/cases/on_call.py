"""/oncall: who of a team is on call (值班), the form that puts somebody on call, and the press that takes them off."""

from datetime import date, timedelta

from handlers import forms
from handlers.actions import Action, Replaced, Result, back, button
from handlers.choice_pages import choice_page, start_of_page
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.forms import Form, FormContext, FormInput, FormOutcome, FormRefused, Rejected, Step, with_form
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press, short_digest
from handlers.registers import page_turner, register_page, register_records
from handlers.steps import coming_day, pressed_day
from models.on_call import OnCallPeriod
from models.staff import TEAM_ROLES
from models.states import Impossible
from services.access.member import Member
from services.cases.notices import PutOnCall, TakenOffCall
from services.cases.on_call import (
    LONGEST_AHEAD,
    MOST_PERIODS,
    Roster,
    on_call_now,
    people_of,
    period_to_end,
    put_on_call,
    roster_of,
    roster_to_change,
    rosters_of,
    take_off_call,
)
from services.directory import Directory
from services.rectification.due_dates import Unclear
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Button, Message, Rows

AREA = "oncall"
_WEEK = 7
_TEAMS_SHOWN = 20  # a page
_DIGEST = 16  # characters that stand for somebody in a button


# ---- rosters


@command("oncall")
async def show_on_call(context: HandlerContext, who: Member) -> None:
    """Say who is on call for the teams that somebody is on, or sees to."""
    page = await _page(context, who, None)
    await context.say(page or Message(context.words("oncall.not_yours")))


async def _page(context: HandlerContext, who: Member, after: str | None) -> Message | None:
    """Return a page of the rosters that somebody sees, the card where it is one alone; None where there is none."""
    words, known = context.words, await context.work.directory()
    rosters = await rosters_of(context.work, who)
    if not rosters:
        return None
    if len(rosters) == 1:
        return _card(context.work, words, known, rosters[0])
    start = int(after) if after and after.isdecimal() else 0
    shown, following = rosters[start : start + _TEAMS_SHOWN], start + _TEAMS_SHOWN
    lines = [(_today(words, known, one, context.work.today), one.team.id) for one in shown]
    more = str(following) if len(rosters) > following else None
    return register_page(words, AREA, words("oncall.heading"), lines, more, protect=True)


async def _roster_card(work: UnitOfWork, words: Words, who: Member, team_id: str) -> Message:
    """Return the card of a roster. Raises NotEntitled."""
    return _card(work, words, await work.directory(), await roster_of(work, who, team_id))


def _card(work: UnitOfWork, words: Words, known: Directory, roster: Roster) -> Message:
    lines = [words("oncall.heading"), _today(words, known, roster, work.today)]
    rows: Rows = ()
    for number, period in enumerate(roster.periods, start=1):
        name, days = _name(known, period), _days(words, period.first_on, period.last_on, work.today)
        key = "oncall.line" if known.has_account(period.staff_id) else "oncall.line_without_account"
        lines.append(words(key, n=number, name=name, days=days))
        label = words.plain("oncall.take_off", n=number, name=name)
        rows = (*rows, (Button(label, Press(AREA, "ask", period.id).pack()),))
    if not roster.may_change:
        return Message(Html("\n".join(lines)), protect=True)
    put = button(words, "oncall.put", Press(AREA, "put", roster.team.id).pack())
    return Message(Html("\n".join(lines)), (*rows, (put,)), protect=True)


def _today(words: Words, known: Directory, roster: Roster, today: date) -> Html:
    on_call = dict.fromkeys(_name(known, one) for one in roster.periods if one.first_on <= today)
    if not on_call:
        return words("oncall.nobody_today", team=roster.team.name)
    return words("oncall.today", team=roster.team.name, names=words.plain("staff.list_comma").join(on_call))


def _name(known: Directory, period: OnCallPeriod) -> str:
    return known.names.get(period.staff_id, period.staff_id)


def _days(words: Words, first_on: date, last_on: date, today: date) -> str:
    """Return a day, or from which day to which."""
    first, last = day(words, first_on, today), day(words, last_on, today)
    return first if first_on == last_on else words.plain("oncall.days", first=first, last=last)


async def on_call_lines(work: UnitOfWork, words: Words, who: Member) -> list[Html]:
    """Return who is on call today for the teams that somebody is on, a line for each where anybody is."""
    known, lines = await work.directory(), []
    teams = [known.teams[one] for one in dict.fromkeys(who.teams(*TEAM_ROLES)) if one in known.teams]
    for team in teams:
        names = [known.names[one] for one in await on_call_now(work, team.id) if one in known.names]
        key = "oncall.now" if len(teams) == 1 else "oncall.today"
        lines += [words(key, team=team.name, names=words.plain("staff.list_comma").join(names))] if names else []
    return lines


# ---- somebody is taken off


async def _ask(context: HandlerContext, who: Member, press: Press) -> Result:
    period = await period_to_end(context.work, who, press.subject)
    words, name = context.words, _name(await context.work.directory(), period)
    days = _days(words, period.first_on, period.last_on, context.work.today)
    yes = button(words, "oncall.take_off_yes", Press(AREA, "take_off", period.id).pack())
    text = words("oncall.take_off_sure", name=name, days=days)
    return Replaced(Message(text, ((yes,), (back(words, AREA, "card", period.team_id),))))


async def _take_off(context: HandlerContext, who: Member, press: Press) -> Result:
    team_id = await take_off_call(context.work, who, press.subject)
    card = await _roster_card(context.work, context.words, who, team_id)
    return Replaced(card, context.words("oncall.taken_off"))


# ---- the form


async def _may_put(form: FormContext) -> None:
    await roster_to_change(form.context.work, form.who, form.subject_id)


async def _people(form: FormContext) -> list[tuple[str, str]]:
    """Return the names of who can be put on call, and what stands for each in a button."""
    known = await form.context.work.directory()
    return [
        (one.name if known.has_account(one.id) else form.words.plain("oncall.without_account", name=one.name), one.id)
        for one in people_of(known, form.subject_id)
    ]


async def _ask_for_person(form: FormContext) -> Message:
    return await _page_of_people(form, 0)


async def _page_of_people(form: FormContext, start: int) -> Message:
    choices = [(label, short_digest(staff_id, _DIGEST)) for label, staff_id in await _people(form)]
    return Message(form.words("oncall.which_person"), choice_page(form, choices, start))


async def _choose_person(form: FormContext, value: str) -> str | Message:
    start = start_of_page(value)
    if start is not None:
        return await _page_of_people(form, start)
    found = next((one for _, one in await _people(form) if short_digest(one, _DIGEST) == value), None)
    if found is None:
        raise Rejected(form.words("oncall.gone"))
    return found


async def _ask_for_first(form: FormContext) -> Message:
    today = form.context.work.today
    monday = today + timedelta(days=_WEEK - today.weekday())
    days = dict.fromkeys((today, today + timedelta(days=1), monday))
    buttons = tuple(form.choice(day(form.words, one, today), f"{one:%Y%m%d}") for one in days)
    return Message(form.words("oncall.from_when"), (buttons, (form.cancel,)))


async def _ask_for_last(form: FormContext) -> Message:
    today, first = form.context.work.today, date.fromisoformat(form.answers["first"])
    lengths = {"one_day": 1, "one_week": _WEEK, "two_weeks": 2 * _WEEK}
    terms = {term: first + timedelta(days=length - 1) for term, length in lengths.items()}
    rows = tuple(
        (form.choice(form.words.plain(f"oncall.{term}", day=day(form.words, last, today)), f"{last:%Y%m%d}"),)
        for term, last in terms.items()
    )
    return Message(form.words("oncall.until_when"), (*rows, (form.cancel,)))


async def _read_first(form: FormContext, entered: FormInput) -> str:
    return await _read_day(form, entered.text, form.context.work.today)


async def _read_last(form: FormContext, entered: FormInput) -> str:
    return await _read_day(form, entered.text, date.fromisoformat(form.answers["first"]))


async def _choose_first(form: FormContext, value: str) -> str:
    return await _read_first(form, FormInput(pressed_day(value)))


async def _choose_last(form: FormContext, value: str) -> str:
    return await _read_last(form, FormInput(pressed_day(value)))


async def _read_day(form: FormContext, text: str, earliest: date) -> str:
    work = form.context.work
    found = await coming_day(form, text)
    if isinstance(found, Unclear) or not earliest <= found <= work.today + timedelta(days=LONGEST_AHEAD):
        raise Rejected(form.words("oncall.day_please", first=day(form.words, earliest, work.today), most=LONGEST_AHEAD))
    return found.isoformat()


async def _put(form: FormContext) -> FormOutcome:
    first, last = (date.fromisoformat(form.answers[one]) for one in ("first", "last"))
    staff_id, work = form.answers["person"], form.context.work
    try:
        await put_on_call(work, form.who, form.subject_id, staff_id, first, last)
    except Impossible as refusal:
        raise FormRefused(form.words(f"oncall.not_{refusal.state}", most=MOST_PERIODS)) from None
    known = await work.directory()
    told = "done_own" if staff_id == form.who.id else "done" if known.has_account(staff_id) else "done_without_account"
    days = _days(form.words, first, last, work.today)
    return FormOutcome(form.words(f"oncall.{told}", name=known.names[staff_id], days=days), card=True)


PUT_ON_CALL = Form(
    "put_on_call",
    (
        Step("person", _ask_for_person, choose=_choose_person),
        Step("first", _ask_for_first, _read_first, _choose_first),
        Step("last", _ask_for_last, _read_last, _choose_last),
    ),
    check=_may_put,
    send=_put,
    area=AREA,
    too_late="oncall.gone",
    gone="oncall.gone",
    card_when_cancelled=True,
)
forms.register(PUT_ON_CALL)


# ---- what whoever is on call is told


@renders_for_staff(PutOnCall)
async def on_call(work: UnitOfWork, reader: StaffReader, notice: PutOnCall) -> Message | None:
    """Tell somebody that they are on call; nothing once they are not any more."""
    period = await work.session.get(OnCallPeriod, notice.period_id)
    known = await work.directory()
    if period is None or period.last_on < work.today or period.team_id not in known.teams:
        return None
    days = _days(reader.words, period.first_on, period.last_on, work.today)
    return Message(reader.words("oncall.put_on", team=known.teams[period.team_id].name, days=days))


@renders_for_staff(TakenOffCall)
async def off_call(work: UnitOfWork, reader: StaffReader, notice: TakenOffCall) -> Message | None:
    """Tell somebody that they are not on call any more."""
    known = await work.directory()
    if notice.team_id not in known.teams:
        return None
    first, last = date.fromisoformat(notice.first_on), date.fromisoformat(notice.last_on)
    days = _days(reader.words, first, last, work.today)
    return Message(reader.words("oncall.was_taken_off", team=known.teams[notice.team_id].name, days=days))


SUBJECT = register_records(
    AREA,
    (Action("put", with_form(PUT_ON_CALL)), Action("ask", _ask), Action("take_off", _take_off)),
    _roster_card,
    page_turner(_page),
    too_late="oncall.gone",
    not_yours="oncall.not_yours",
)
