"""/oncall: who of a team is on call (值班), the form that puts somebody on call, and the press that takes them off."""

from datetime import date, timedelta

from handlers import forms
from handlers.actions import Action, Replaced, Result, Subject, back, button, register, too_late_or_not_entitled
from handlers.choice_pages import choice_page, start_of_page
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.forms import Form, FormContext, FormInput, FormOutcome, Rejected, Step, with_form
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from handlers.steps import pressed_day
from models.on_call import OnCallPeriod
from models.staff import Role
from models.states import Impossible, NotEntitled
from models.working_days import WorkingCalendar
from services.access.member import Member, teams_led_by
from services.cases.notices import OffCall, OnCall
from services.cases.on_call import (
    LONGEST_AHEAD,
    MOST_PERIODS,
    Roster,
    may_read_rosters,
    on_call_now,
    people_of,
    period_to_end,
    put_on_call,
    rosters_of,
    take_off_call,
)
from services.directory import Directory, TeamRecord
from services.rectification.due_dates import Unclear, read_due
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Button, Message, Rows

AREA = "oncall"
_WEEK = 7


# ---- the list


@command("oncall")
async def show_on_call(context: HandlerContext, who: Member) -> None:
    """Say who is on call for the teams that somebody is on, or sees to."""
    if may_read_rosters(who):
        await context.say(await _list(context, who))
    else:
        await context.say(Message(context.words("oncall.not_yours")))


async def _list(context: HandlerContext, who: Member) -> Message:
    words, known = context.words, await context.work.directory()
    rosters = await rosters_of(context.work, who)
    parts: list[Html] = []
    rows: Rows = ()
    number = 0
    for roster in rosters:
        lines = [_today(words, known, roster, context.work.today)]
        for period in roster.periods:
            number += 1
            lines.append(words("oncall.line", n=number, name=_name(known, period), days=_days(words, context, period)))
            if roster.may_change:
                label = words.plain("oncall.take_off", n=number, name=_name(known, period))
                rows = (*rows, (Button(label, Press(AREA, "ask", period.id).pack()),))
        parts.append(Html("\n".join(lines)))
    if any(roster.may_change for roster in rosters):
        rows = (*rows, (button(words, "oncall.put", Press(AREA, "put").pack()),))
    return Message(Html("\n\n".join([words("oncall.heading"), *parts])), rows, protect=True)


def _today(words: Words, known: Directory, roster: Roster, today: date) -> Html:
    on_call = dict.fromkeys(_name(known, one) for one in roster.periods if one.first_on <= today)
    if not on_call:
        return words("oncall.nobody_today", team=roster.team.name)
    return words("oncall.today", team=roster.team.name, names=words.plain("staff.list_comma").join(on_call))


def _name(known: Directory, period: OnCallPeriod) -> str:
    return known.names.get(period.staff_id, period.staff_id)


def _days(words: Words, context: HandlerContext, period: OnCallPeriod) -> str:
    return days_between(words, period.first_on, period.last_on, context.work.today)


def days_between(words: Words, first_on: date, last_on: date, today: date) -> str:
    """Return a day, or from which day to which."""
    first, last = day(words, first_on, today), day(words, last_on, today)
    return first if first_on == last_on else words.plain("oncall.days", first=first, last=last)


async def on_call_line(work: UnitOfWork, words: Words, team_id: str | None) -> Html | None:
    """Return who is on call for a team today; None where nobody is."""
    known = await work.directory()
    names = [known.names[one] for one in await on_call_now(work, team_id) if one in known.names]
    return words("oncall.now", names=words.plain("staff.list_comma").join(names)) if names else None


async def with_on_call(work: UnitOfWork, words: Words, team_id: str | None, text: Html) -> Html:
    """Return a text with who is on call for a team, where anybody is."""
    line = await on_call_line(work, words, team_id)
    return Html(f"{text}\n{line}") if line is not None else text


# ---- somebody is taken off


async def _ask(context: HandlerContext, who: Member, press: Press) -> Result:
    period = await period_to_end(context.work, who, press.subject)
    name = _name(await context.work.directory(), period)
    text = context.words("oncall.take_off_sure", name=name, days=_days(context.words, context, period))
    yes = button(context.words, "oncall.take_off_yes", Press(AREA, "take_off", period.id).pack())
    return Replaced(Message(text, ((yes,), (back(context.words, AREA, "list", period.id),))))


async def _take_off(context: HandlerContext, who: Member, press: Press) -> Result:
    await take_off_call(context.work, who, press.subject)
    return Replaced(await _list(context, who), context.words("oncall.taken_off"))


async def _show_list(context: HandlerContext, who: Member, _press: Press) -> Result:
    if not may_read_rosters(who):
        raise NotEntitled
    return Replaced(await _list(context, who))


# ---- the form


async def _led(form: FormContext) -> list[TeamRecord]:
    return teams_led_by(await form.context.work.directory(), form.who)


async def _may_put(form: FormContext) -> None:
    if not await _led(form):
        raise NotEntitled


def _only_team(form: FormContext) -> str | None:
    """Return the team of a leader who leads one and no office; None when it is to be asked for."""
    led = form.who.teams(Role.TEAM_LEADER)
    return led[0] if len(led) == 1 and not form.who.has(Role.OFFICE_DIRECTOR) else None


def _team(form: FormContext) -> str:
    return _only_team(form) or str(form.answers["team"])


async def _ask_for_team(form: FormContext) -> Message:
    return await _page_of_teams(form, 0)


async def _page_of_teams(form: FormContext, start: int) -> Message:
    choices = [(team.name, team.id) for team in await _led(form)]
    return Message(form.words("oncall.which_team"), choice_page(form, choices, start))


async def _choose_team(form: FormContext, value: str) -> str | Message:
    start = start_of_page(value)
    if start is not None:
        return await _page_of_teams(form, start)
    if value not in {team.id for team in await _led(form)}:
        raise Rejected(form.words("oncall.gone"))
    return value


async def _people(form: FormContext) -> list[tuple[str, str]]:
    return [(one.name, one.id) for one in people_of(await form.context.work.directory(), _team(form))]


async def _ask_for_person(form: FormContext) -> Message:
    return await _page_of_people(form, 0)


async def _page_of_people(form: FormContext, start: int) -> Message:
    return Message(form.words("oncall.which_person"), choice_page(form, await _people(form), start))


async def _choose_person(form: FormContext, value: str) -> str | Message:
    start = start_of_page(value)
    if start is not None:
        return await _page_of_people(form, start)
    if value not in {staff_id for _, staff_id in await _people(form)}:
        raise Rejected(form.words("oncall.gone"))
    return value


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
    found = read_due(text, work.today, WorkingCalendar.of(await work.settings(), work.zone))
    if isinstance(found, Unclear) or not earliest <= found <= work.today + timedelta(days=LONGEST_AHEAD):
        raise Rejected(form.words("oncall.day_please", first=day(form.words, earliest, work.today), most=LONGEST_AHEAD))
    return found.isoformat()


async def _put(form: FormContext) -> FormOutcome:
    first, last = (date.fromisoformat(form.answers[one]) for one in ("first", "last"))
    try:
        await put_on_call(form.context.work, form.who, _team(form), form.answers["person"], first, last)
    except Impossible as refusal:
        raise forms.FormRefused(form.words(f"oncall.not_{refusal.state}", most=MOST_PERIODS)) from None
    known = await form.context.work.directory()
    days = days_between(form.words, first, last, form.context.work.today)
    return FormOutcome(form.words("oncall.done", name=known.names[form.answers["person"]], days=days))


PUT_ON_CALL = Form(
    "put_on_call",
    (
        Step("team", _ask_for_team, choose=_choose_team, skip=lambda form: _only_team(form) is not None),
        Step("person", _ask_for_person, choose=_choose_person),
        Step("first", _ask_for_first, _read_first, _choose_first),
        Step("last", _ask_for_last, _read_last, _choose_last),
    ),
    check=_may_put,
    send=_put,
    too_late="oncall.gone",
    gone="oncall.gone",
)
forms.register(PUT_ON_CALL)


# ---- what whoever is on call is told


@renders_for_staff(OnCall)
async def on_call(work: UnitOfWork, reader: StaffReader, notice: OnCall) -> Message | None:
    """Tell somebody that they are on call; nothing once they are not any more."""
    period = await work.session.get(OnCallPeriod, notice.period_id)
    known = await work.directory()
    if period is None or period.last_on < work.today or period.team_id not in known.teams:
        return None
    days = days_between(reader.words, period.first_on, period.last_on, work.today)
    return Message(reader.words("oncall.put_on", team=known.teams[period.team_id].name, days=days))


@renders_for_staff(OffCall)
async def off_call(work: UnitOfWork, reader: StaffReader, notice: OffCall) -> Message | None:
    """Tell somebody that they are not on call any more."""
    known = await work.directory()
    if notice.team_id not in known.teams:
        return None
    first, last = date.fromisoformat(notice.first_on), date.fromisoformat(notice.last_on)
    days = days_between(reader.words, first, last, work.today)
    return Message(reader.words("oncall.was_taken_off", team=known.teams[notice.team_id].name, days=days))


SUBJECT = register(
    Subject(
        AREA,
        (
            Action("put", with_form(PUT_ON_CALL)),
            Action("ask", _ask),
            Action("take_off", _take_off),
            Action("list", _show_list),
        ),
        too_late_or_not_entitled("oncall.gone", "oncall.not_yours"),
        entitled=may_read_rosters,
        not_entitled_key="oncall.not_yours",
    )
)
