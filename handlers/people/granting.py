"""/grants: who is shown some of a team's cases, and until when; the form that grants it, and the press that ends it."""

from collections.abc import Sequence
from datetime import date, timedelta

from handlers import forms
from handlers.actions import Action, Replaced, Result, Subject, back, button, register
from handlers.choice_pages import choice_page, start_of_page
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.forms import Form, FormContext, FormInput, FormOutcome, FormRefused, Rejected, Step, with_form
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press, short_digest
from handlers.steps import coming_day
from models.complaints import Case
from models.staff import GRANTED_ROLES, Grant, Role
from models.states import NotEntitled
from services.access.member import Member, teams_led_by
from services.directory import Directory
from services.people.grants import (
    LONGEST_GRANT_DAYS,
    GivenGrant,
    NotGranted,
    check_grant,
    grant,
    grants_given_by,
    may_grant,
    units_of_team,
    villages_of_team,
    withdraw,
)
from services.people.notices import Granted, GrantedByOther, GrantEnded
from services.rectification.due_dates import Unclear
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Button, Message

AREA = "grant"
_LISTED = 20
_PERIODS = (7, 14, 30, 90)  # days that are offered


# ---- the list, and the end of a grant


@command("grants")
async def show_grants(context: HandlerContext, who: Member) -> None:
    """Say who is shown what of the teams that somebody leads."""
    if may_grant(who):
        await context.say(await _list(context, who))
    else:
        await context.say(Message(context.words("grant.leaders_only")))


async def _list(context: HandlerContext, who: Member) -> Message:
    words, known = context.words, await context.work.directory()
    given = (await grants_given_by(context.work, who))[:_LISTED]
    lines = [
        words(
            "grant.line",
            n=number,
            name=one.name,
            role=_as(words, one.grant.role),
            subject=_subject(words, known, one.grant.role, one.grant.subject_id),
            team=known.teams[one.grant.team_id].name,
            day=day(words, one.grant.ends_on, context.work.today),
        )
        for number, one in enumerate(given, start=1)
    ]
    rows = [(_ask_button(words, number, one),) for number, one in enumerate(given, start=1)]
    heading = words("grant.heading" if given else "grant.none")
    give = button(words, "grant.give", Press(AREA, "give").pack())
    return Message(Html("\n\n".join([heading, *lines])), (*rows, (give,)), protect=True)


def _ask_button(words: Words, number: int, one: GivenGrant) -> Button:
    label = words.plain("grant.withdraw", n=number, name=one.name)
    return Button(label, Press(AREA, "ask", one.grant.id).pack())


async def _ask(context: HandlerContext, who: Member, press: Press) -> Result:
    """Ask once more: what somebody has on their phone is taken back."""
    known = await context.work.directory()
    given = await grants_given_by(context.work, who)
    found = next((one for one in given if one.grant.id == press.subject), None)
    if found is None:
        raise NotEntitled
    yes = button(context.words, "grant.withdraw_yes", Press(AREA, "withdraw", found.grant.id).pack())
    text = context.words(
        "grant.withdraw_sure",
        name=found.name,
        subject=_subject(context.words, known, found.grant.role, found.grant.subject_id),
    )
    return Replaced(Message(text, ((yes,), (back(context.words, AREA, "list", found.grant.id),))))


async def _withdraw(context: HandlerContext, who: Member, press: Press) -> Result:
    await withdraw(context.work, who, press.subject)
    return Replaced(await _list(context, who), context.words("grant.withdrawn"))


async def _show_list(context: HandlerContext, who: Member, _press: Press) -> Result:
    return Replaced(await _list(context, who))


# ---- the form


async def _may_grant(form: FormContext) -> None:
    if not may_grant(form.who):
        raise NotEntitled


async def _known(form: FormContext) -> Directory:
    return await form.context.work.directory()


def _role(form: FormContext) -> Role:
    return Role(form.answers["role"])


async def _ask_for_role(form: FormContext) -> Message:
    choices = [(form.choice(form.words.plain(f"staff.role_{role}"), role),) for role in GRANTED_ROLES]
    return Message(form.words("grant.which_role"), (*choices, (form.cancel,)))


async def _choose_role(form: FormContext, value: str) -> str:
    known = await _known(form)
    if value not in GRANTED_ROLES:
        raise Rejected(form.words("grant.gone"))
    if not known.with_roles(Role(value)):
        raise Rejected(form.words("grant.nobody", role=form.words(f"staff.role_{value}")))
    if value != form.answers.get("role"):  # what was answered for another role is asked anew
        _forget(form, "person", "subject")
    return value


async def _ask_for_person(form: FormContext) -> Message:
    return await _page_of_people(form, 0)


async def _page_of_people(form: FormContext, start: int) -> Message:
    people = (await _known(form)).with_roles(_role(form))
    choices = [(one.name, one.id) for one in people]
    return Message(form.words("grant.which_person"), choice_page(form, choices, start))


async def _choose_person(form: FormContext, value: str) -> str | Message:
    start = start_of_page(value)
    if start is not None:
        return await _page_of_people(form, start)
    if value not in {one.id for one in (await _known(form)).with_roles(_role(form))}:
        raise Rejected(form.words("grant.gone"))
    return value


def _only_team(form: FormContext) -> str | None:
    """Return the team of a leader who leads one and no office; None when it is to be asked for."""
    led = form.who.teams(Role.TEAM_LEADER)
    return led[0] if len(led) == 1 and not form.who.has(Role.OFFICE_DIRECTOR) else None


def _team(form: FormContext) -> str:
    return _only_team(form) or str(form.answers["team"])


async def _ask_for_team(form: FormContext) -> Message:
    teams = teams_led_by(await _known(form), form.who)
    choices = [(form.choice(team.name, team.id),) for team in teams]
    return Message(form.words("grant.which_team"), (*choices, (form.cancel,)))


async def _choose_team(form: FormContext, value: str) -> str:
    if value not in {team.id for team in teams_led_by(await _known(form), form.who)}:
        raise Rejected(form.words("grant.gone"))
    if value != form.answers.get("team"):
        _forget(form, "subject")
    return value


def _forget(form: FormContext, *steps: str) -> None:
    for step in steps:
        form.answers.pop(step, None)


async def _subjects(form: FormContext) -> Sequence[tuple[str, str]]:
    """Return the names and ids of what can be granted by a role; none of a case, whose number is written."""
    known, role = await _known(form), _role(form)
    if role is Role.OBSERVER:
        return [(one.name_in(form.words.language), one.code) for one in known.categories]
    if role is Role.TOWNSHIP_OFFICE:
        return [(one.name, one.id) for one in units_of_team(known, _team(form)) if one.id not in form.who.shut_out_of]
    if role is Role.MICRO_TEAM:
        # Two may have one name, in two townships.
        villages = [one for one in villages_of_team(known, _team(form)) if one.unit_id not in form.who.shut_out_of]
        return [(f"{known.units[one.unit_id].name} {one.name}", one.id) for one in villages]
    return []


async def _ask_for_subject(form: FormContext) -> Message:
    return await _page_of_subjects(form, 0)


async def _page_of_subjects(form: FormContext, start: int) -> Message:
    choices = [(name, short_digest(subject_id, 16)) for name, subject_id in await _subjects(form)]
    return Message(form.words(f"grant.which_{_role(form)}"), choice_page(form, choices, start))


async def _read_subject(form: FormContext, entered: FormInput) -> str:
    if _role(form) is Role.EXPERT:
        return await _checked(form, entered.text.replace(" ", ""))
    found = [subject_id for name, subject_id in await _subjects(form) if entered.text and entered.text in name]
    if len(found) != 1:
        raise Rejected(form.words("grant.not_found"))
    return await _checked(form, found[0])


async def _choose_subject(form: FormContext, value: str) -> str | Message:
    start = start_of_page(value)
    if start is not None:
        return await _page_of_subjects(form, start)
    subjects = await _subjects(form)
    found = next((subject_id for _, subject_id in subjects if short_digest(subject_id, 16) == value), None)
    if found is None:
        raise Rejected(form.words("grant.gone"))
    return await _checked(form, found)


async def _checked(form: FormContext, subject_id: str) -> str:
    try:
        await check_grant(form.context.work, form.who, _role(form), form.answers["person"], _team(form), subject_id)
    except NotGranted as refusal:
        raise Rejected(form.words(f"grant.not_{refusal.why}", most=LONGEST_GRANT_DAYS)) from None
    return subject_id


async def _ask_for_end(form: FormContext) -> Message:
    choices = [(form.choice(form.words.plain("grant.days", days=days), str(days)),) for days in _PERIODS]
    return Message(form.words("grant.until_when"), (*choices, (form.cancel,)))


async def _read_end(form: FormContext, entered: FormInput) -> str:
    work = form.context.work
    until = await coming_day(form, entered.text)
    if isinstance(until, Unclear):
        raise Rejected(form.words("grant.day_please"))
    today = work.today
    if not today <= until <= today + timedelta(days=LONGEST_GRANT_DAYS):
        raise Rejected(form.words("grant.not_day", most=LONGEST_GRANT_DAYS))
    return until.isoformat()


async def _choose_end(form: FormContext, value: str) -> str:
    if value not in map(str, _PERIODS):
        raise Rejected(form.words("grant.gone"))
    return (form.context.work.today + timedelta(days=int(value))).isoformat()


async def _show(form: FormContext) -> Message:
    known, role = await _known(form), _role(form)
    text = form.words(
        "grant.look_at",
        name=known.names[form.answers["person"]],
        role=form.words(f"staff.role_{role}"),
        subject=_subject(form.words, known, role, form.answers["subject"]),
        team=known.teams[_team(form)].name,
        day=day(form.words, date.fromisoformat(form.answers["end"]), form.context.work.today),
        shown=form.words(f"grant.shown_{role}"),
    )
    return Message(text)


async def _give(form: FormContext) -> FormOutcome:
    answers = form.answers
    ends_on = date.fromisoformat(answers["end"])
    try:
        await grant(
            form.context.work, form.who, _role(form), answers["person"], _team(form), answers["subject"], ends_on
        )
    except NotGranted as refusal:
        raise FormRefused(form.words(f"grant.not_{refusal.why}", most=LONGEST_GRANT_DAYS)) from None
    return FormOutcome(form.words("grant.given"))


GRANT_CASES = Form(
    "grant_cases",
    (
        Step("role", _ask_for_role, choose=_choose_role),
        Step("person", _ask_for_person, choose=_choose_person),
        Step("team", _ask_for_team, choose=_choose_team, skip=lambda form: _only_team(form) is not None),
        Step("subject", _ask_for_subject, _read_subject, _choose_subject),
        Step("end", _ask_for_end, _read_end, _choose_end),
    ),
    check=_may_grant,
    preview=_show,
    send_label="grant.send",
    send=_give,
    revise=lambda _form, _entered: "end",
    too_late="grant.gone",
    gone="grant.gone",
    rewritten="team.answer_rewritten",
)
forms.register(GRANT_CASES)


# ---- what who is shown something is told


@renders_for_staff(Granted)
async def granted(work: UnitOfWork, reader: StaffReader, notice: Granted) -> Message | None:
    """Tell somebody what they are shown; nothing once it has ended."""
    given = await work.session.get(Grant, notice.grant_id)
    if given is None or given.ended_at is not None or not await _may_know(work, reader.who, given):
        return None
    known = await work.directory()
    if given.to_team_id is not None:
        shared = reader.words("grant.was_shared", team=known.teams[given.team_id].name, number=given.subject_id)
        return Message(shared, ((Button(given.subject_id, Press("queue", "case", given.subject_id).pack()),),))
    text = reader.words(
        "grant.was_given",
        role=reader.words(f"staff.role_{given.role}"),
        subject=_subject(reader.words, known, given.role, given.subject_id),
        day=day(reader.words, given.ends_on, work.today),
        shown=reader.words(f"grant.shown_{given.role}"),
    )
    see = button(reader.words, "grant.see", Press("queue", "page", "queue").pack())
    return Message(text, ((see,),) if reader.capabilities.editing else ())


@renders_for_staff(GrantedByOther)
async def granted_by_other(work: UnitOfWork, reader: StaffReader, notice: GrantedByOther) -> Message | None:
    """Tell the leader of a team what the director lets somebody see of it."""
    given = await work.session.get(Grant, notice.grant_id)
    if given is None or given.staff_id is None or given.ended_at is not None:
        return None
    if given.team_id not in reader.who.teams(Role.TEAM_LEADER) or not await _may_know(work, reader.who, given):
        return None
    known = await work.directory()
    text = reader.words(
        "grant.was_given_by_other",
        by=known.names.get(given.by_id or "", ""),
        name=known.names[given.staff_id],
        role=reader.words(f"staff.role_{given.role}"),
        subject=_subject(reader.words, known, given.role, given.subject_id),
        day=day(reader.words, given.ends_on, work.today),
    )
    return Message(text)


@renders_for_staff(GrantEnded)
async def grant_ended(work: UnitOfWork, reader: StaffReader, notice: GrantEnded) -> Message | None:
    """Tell somebody that they are shown something no more, without saying what."""
    given = await work.session.get(Grant, notice.grant_id)
    return None if given is None else Message(reader.words("grant.was_ended"))


async def _may_know(work: UnitOfWork, who: Member, given: Grant) -> bool:
    """Whether what is granted may be named to somebody: a case to nobody who is to keep away from it."""
    if given.role not in (Role.EXPERT, Role.TEAM_MEMBER):
        return True
    case = await work.session.get(Case, given.subject_id)
    return case is not None and who.knows_of(case)


def _as(words: Words, role: Role) -> Html:
    """Return as what somebody is shown something; a case is shared with all of another team."""
    return words("grant.shared" if role is Role.TEAM_MEMBER else f"staff.role_{role}")


def _subject(words: Words, known: Directory, role: Role, subject_id: str) -> str:
    """Return what a grant is about, by its name."""
    match role:
        case Role.OBSERVER:
            return known.category(subject_id).name_in(words.language)
        case Role.TOWNSHIP_OFFICE:
            return known.units[subject_id].name
        case Role.MICRO_TEAM:
            return known.villages[subject_id].name
        case _:
            return words.plain("grant.case", number=subject_id)


async def _refused(context: HandlerContext, who: Member, _press: Press, _refusal: Exception) -> None:
    """Show the list anew: what was meant is not there any more."""
    context.alert("grant.gone")
    await context.edit(await _list(context, who))


SUBJECT = register(
    Subject(
        AREA,
        (
            Action("give", with_form(GRANT_CASES)),
            Action("ask", _ask),
            Action("withdraw", _withdraw),
            Action("list", _show_list),
        ),
        _refused,
        entitled=may_grant,
        not_entitled_key="grant.leaders_only",
    )
)
