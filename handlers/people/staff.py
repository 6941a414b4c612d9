"""/staff lists everybody; with a name the office director records that somebody leaves, changes teams, lost a phone or
is recused.
"""

from collections.abc import Sequence

from sqlalchemy import or_, select

from handlers.actions import Action, Replaced, Result, Subject, button, register
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.people.about import roles_of
from handlers.press import Press
from models.rounds import Round, Team, Unit
from models.staff import TEAM_ROLES, Role, Staff
from models.states import ENDED_ROUNDS
from services.access.member import Member, member
from services.people.enrol import INVITATION_DAYS, invite
from services.people.leaving import leave, lock_out, move_to_team
from services.people.recusal import OwnRecusal, readmit, recuse, units_to_recuse_from
from texts.catalogue import Html
from texts.message import Button, Message, Rows, in_rows

PEOPLE_SHOWN = 20
PEOPLE_LISTED = 12  # a page
_BUTTONS_PER_ROW = 4


@command("staff")
async def show_staff(context: HandlerContext, who: Member) -> None:
    """Answer /staff: one person's card, or those whose name fits."""
    if not who.has(Role.OFFICE_DIRECTOR):
        await context.say(Message(context.words("people.directors_only")))
        return
    search = " ".join(context.args)
    if not search:
        await context.say(await _list(context))
        return
    found = await _people_matching(context, search)
    if len(found) == 1:
        await context.say(await _card(context, found[0].id))
    elif found:
        rows = tuple(
            (Button(person.name, Press("people", "card", person.id).pack()),) for person in found[:PEOPLE_SHOWN]
        )
        await context.say(Message(context.words("people.which"), rows))
    else:
        await context.say(Message(context.words("people.nobody")))


async def _list(context: HandlerContext, start: int = 0) -> Message:
    """Return a page of everybody on the staff with what they are, each with a button that opens their card."""
    everybody = list((await context.work.directory()).people.values())
    shown = everybody[start : start + PEOPLE_LISTED]
    lines = [context.words("people.list_title", count=len(everybody))]
    buttons = []
    for place_in_list, person in enumerate(shown, start=start + 1):
        roles = await roles_of(context.work, context.words, person)
        lines.append(context.words("people.list_line", n=place_in_list, name=person.name, roles=roles))
        buttons.append(Button(str(place_in_list), Press("people", "card", person.id).pack()))
    rows = in_rows(buttons, _BUTTONS_PER_ROW)
    turns = []
    if start > 0:
        turns.append(_turn(context, "team.first_page", 0))
    if len(everybody) > start + PEOPLE_LISTED:
        turns.append(_turn(context, "team.next_page", start + PEOPLE_LISTED))
    lines.append(context.words("people.how"))
    return Message(Html("\n\n".join(lines)), (*rows, tuple(turns)) if turns else rows)


def _turn(context: HandlerContext, key: str, start: int) -> Button:
    return button(context.words, key, Press("people", "list", str(start)).pack())


async def _show_list(context: HandlerContext, _who: Member, press: Press) -> Result:
    """Show another page of the list in its place."""
    return Replaced(await _list(context, int(press.subject) if press.subject.isdecimal() else 0))


async def _people_matching(context: HandlerContext, search: str) -> Sequence[Staff]:
    query = select(Staff).where(
        Staff.left_at.is_(None), or_(Staff.id == search, Staff.name.contains(search, autoescape=True))
    )
    return list(await context.work.session.scalars(query.order_by(Staff.id).limit(PEOPLE_SHOWN)))


async def _card(context: HandlerContext, staff_id: str) -> Message:
    person = await member(context.work.session, staff_id)
    known = await context.work.directory()
    enrolled = context.words("people.enrolled" if known.has_account(staff_id) else "people.not_enrolled")
    own = known.addresses.get(staff_id, ())
    is_lost = bool(own) and not any(one.reachable for one in own)
    units = [await context.work.session.get_one(Unit, unit) for unit in sorted(person.shut_out_of)]
    recused = context.words("people.recused", units=context.words("staff.list_comma").join(unit.name for unit in units))
    lines = [
        context.words("people.card", name=person.name, id=person.id),
        await roles_of(context.work, context.words, person),
        enrolled,
        *([context.words("people.not_reached")] if is_lost else []),
        *([recused] if units else []),
    ]
    actions = [
        *([] if own else ["invite"]),
        "lost",
        *(["teams"] if person.teams(*TEAM_ROLES) else []),
        "units",
        "leave",
    ]
    rows = tuple((_button(context, f"people.action_{action}", action, staff_id),) for action in actions)
    return Message(Html("\n".join(lines)), rows)


async def _show_card(context: HandlerContext, _who: Member, press: Press) -> Result:
    return Replaced(await _card(context, press.subject))


async def _ask(context: HandlerContext, _who: Member, press: Press) -> Result:
    """Ask once more: neither is taken back by a press."""
    person = await member(context.work.session, press.subject)
    rows: Rows = (
        (_button(context, f"people.yes_{press.action}", f"{press.action}_yes", person.id), _back(context, person.id)),
    )
    return Replaced(Message(context.words(f"people.sure_{press.action}", name=person.name), rows))


async def _leave(context: HandlerContext, who: Member, press: Press) -> Result:
    person = await member(context.work.session, press.subject)
    await leave(context.work, person.id, by=who.id)
    return Replaced(Message(context.words("people.left", name=person.name)))


async def _lock_out(context: HandlerContext, who: Member, press: Press) -> Result:
    """Lock out the lost phone and return an invitation for the new one, in one step."""
    person = await member(context.work.session, press.subject)
    await lock_out(context.work, person.id, by=who.id)
    return Replaced(await _invitation(context, who, person, "people.locked_out"))


async def _invite(context: HandlerContext, who: Member, press: Press) -> Result:
    """Return an invitation for somebody who has not enrolled."""
    person = await member(context.work.session, press.subject)
    return Replaced(await _invitation(context, who, person, "people.invited"))


async def _invitation(context: HandlerContext, who: Member, person: Member, key: str) -> Message:
    link = context.links.of_invitation(await invite(context.work, person.id, by=who.id))
    text = context.words(key, name=person.name, link=link, days=INVITATION_DAYS)
    return Message(text, ((_back(context, person.id),),))


async def _choose_team(context: HandlerContext, _who: Member, press: Press) -> Result:
    person = await member(context.work.session, press.subject)
    teams_query = (
        select(Team).join(Round, Round.id == Team.round_id).where(Round.state.not_in(ENDED_ROUNDS)).order_by(Team.id)
    )
    others = [
        team for team in await context.work.session.scalars(teams_query) if team.id not in person.teams(*TEAM_ROLES)
    ]
    rows = tuple((Button(team.name, Press("people", "move", person.id, team.id).pack()),) for team in others)
    text = context.words("people.which_team", name=person.name)
    return Replaced(Message(text, (*rows, (_back(context, person.id),))))


async def _move(context: HandlerContext, who: Member, press: Press) -> Result:
    await move_to_team(context.work, press.subject, press.arg, by=who.id)
    return Replaced(await _card(context, press.subject))


async def _choose_unit(context: HandlerContext, _who: Member, press: Press) -> Result:
    return Replaced(await _units(context, press.subject))


async def _recuse(context: HandlerContext, who: Member, press: Press) -> Result:
    await recuse(context.work, press.subject, press.arg, by=who)
    return Replaced(await _units(context, press.subject))


async def _readmit(context: HandlerContext, who: Member, press: Press) -> Result:
    await readmit(context.work, press.subject, press.arg, by=who)
    return Replaced(await _units(context, press.subject))


async def _units(context: HandlerContext, staff_id: str) -> Message:
    person = await member(context.work.session, staff_id)
    rows = []
    for unit in await units_to_recuse_from(context.work, person):
        if unit.id in person.units(Role.UNIT_HEAD, Role.LIAISON):
            continue  # their own: no recusal of it can be lifted
        is_recused = unit.id in person.shut_out_of
        action = "readmit" if is_recused else "recuse"
        rows.append(
            (Button(f"{'⛔ ' if is_recused else ''}{unit.name}", Press("people", action, staff_id, unit.id).pack()),)
        )
    return Message(context.words("people.which_unit", name=person.name), (*rows, (_back(context, staff_id),)))


def _back(context: HandlerContext, staff_id: str) -> Button:
    return _button(context, "team.back", "card", staff_id)


def _button(context: HandlerContext, key: str, action: str, staff_id: str) -> Button:
    return button(context.words, key, Press("people", action, staff_id).pack())


async def _refused(context: HandlerContext, _who: Member, press: Press, refusal: Exception) -> None:
    context.toast()
    if isinstance(refusal, OwnRecusal):
        await context.edit(Message(context.words("people.own_recusal"), ((_back(context, press.subject),),)))
    else:  # somebody else was quicker
        await context.edit(Message(context.words("people.changed")))


SUBJECT = register(
    Subject(
        "people",
        (
            Action("list", _show_list),
            Action("card", _show_card),
            Action("invite", _invite),
            Action("lost", _ask),
            Action("lost_yes", _lock_out),
            Action("leave", _ask),
            Action("leave_yes", _leave),
            Action("teams", _choose_team),
            Action("move", _move),
            Action("units", _choose_unit),
            Action("recuse", _recuse),
            Action("readmit", _readmit),
        ),
        _refused,
        stranger_key="people.directors_only",
        unknown_key="people.directors_only",
        entitled=lambda who: who.has(Role.OFFICE_DIRECTOR),
    )
)
