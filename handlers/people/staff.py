"""The office director's hand on the staff: /staff NAME, and they leave, change teams, lose a phone, are recused."""

from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy import or_, select
from telegram import CallbackQuery, Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from handlers.cases.labels import button, plain
from handlers.context import App, HandlerContext
from handlers.people.about import roles_of
from handlers.press import Press, pattern
from handlers.prompts import ON_STAFF
from handlers.registry import Registry
from models.rounds import Round, Team, Unit
from models.staff import Role, Staff
from models.states import ENDED_ROUNDS, NotEntitled
from qr.link import deep_link
from services.access.member import Member, member
from services.people.enrol import VALID_DAYS, invite
from services.people.leaving import ON_TEAMS, leave, lock_out, move_to_team
from services.people.recusal import OwnRecusal, readmit, recuse, units_to_recuse_from
from texts.catalogue import Html
from texts.message import Button, Message, Rows

MOST = 20

Doer = Callable[[HandlerContext, Member, CallbackQuery, Press], Awaitable[None]]
DOERS: Registry[Doer] = Registry()
on_person = DOERS.named


async def take_staff(_update: Update, turn: HandlerContext) -> None:
    """Answer /staff: one person's card, or those whose name fits."""
    who = turn.member
    if who is None:
        return
    if not who.has(Role.OFFICE_DIRECTOR):
        await turn.say(Message(turn.words("people.directors_only")))
        return
    asked = " ".join(turn.args or [])
    found = await _found(turn, asked) if asked else []
    if len(found) == 1:
        await turn.say(await _card(turn, found[0].id))
    elif found:
        rows = tuple((Button(person.name, Press("people", "card", person.id).pack()),) for person in found[:MOST])
        await turn.say(Message(turn.words("people.which"), rows))
    else:
        await turn.say(Message(turn.words("people.nobody" if asked else "people.how")))


async def _found(turn: HandlerContext, asked: str) -> Sequence[Staff]:
    query = select(Staff).where(
        Staff.left_at.is_(None), or_(Staff.id == asked, Staff.name.contains(asked, autoescape=True))
    )
    return list(await turn.work.session.scalars(query.order_by(Staff.id).limit(MOST)))


async def _card(turn: HandlerContext, staff_id: str) -> Message:
    person = await member(turn.work.session, staff_id)
    staff = await turn.work.session.get_one(Staff, staff_id)
    enrolled = turn.words("people.enrolled" if staff.telegram_id else "people.not_enrolled")
    units = [await turn.work.session.get_one(Unit, unit) for unit in sorted(person.shut_out_of)]
    recused = turn.words("people.recused", units=turn.words("staff.list_comma").join(unit.name for unit in units))
    lines = [
        turn.words("people.card", name=person.name, id=person.id),
        await roles_of(turn.work, turn.words, person),
        enrolled,
        *([recused] if units else []),
    ]
    actions = ["lost", "units", "leave"]
    if person.teams(*ON_TEAMS):
        actions.insert(1, "teams")
    rows = tuple((_button(turn, f"people.action_{action}", action, staff_id),) for action in actions)
    return Message(Html("\n".join(lines)), rows)


async def take_press(update: Update, turn: HandlerContext) -> None:
    query = update.callback_query
    press, who = (turn.press(query) if query else None), turn.member
    if query is None or press is None:
        return
    doer = DOERS.get(press.action)
    if who is None or doer is None or not who.has(Role.OFFICE_DIRECTOR):
        turn.toast(query, plain(turn.words("people.directors_only")), alert=True)
        return
    if turn.refused_in_group(query):
        return
    turn.toast(query)
    try:
        await doer(turn, who, query, press)
    except OwnRecusal:
        await turn.edit(query, Message(turn.words("people.own_recusal"), ((_back(turn, press.subject),),)))
    except NotEntitled:  # somebody else was quicker
        await turn.edit(query, Message(turn.words("people.changed")))


@on_person("card")
async def press_card(turn: HandlerContext, _who: Member, query: CallbackQuery, press: Press) -> None:
    await turn.edit(query, await _card(turn, press.subject))


@on_person("leave")
@on_person("lost")
async def press_ask(turn: HandlerContext, _who: Member, query: CallbackQuery, press: Press) -> None:
    """Ask once more: neither is taken back by a press."""
    person = await member(turn.work.session, press.subject)
    rows: Rows = (
        (_button(turn, f"people.yes_{press.action}", f"{press.action}_yes", person.id), _back(turn, person.id)),
    )
    await turn.edit(query, Message(turn.words(f"people.sure_{press.action}", name=person.name), rows))


@on_person("leave_yes")
async def press_leave(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    person = await member(turn.work.session, press.subject)
    await leave(turn.work, person.id, by=who.id)
    await turn.edit(query, Message(turn.words("people.left", name=person.name)))


@on_person("lost_yes")
async def press_lost(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    """Lock the phone out and hand over the way in for the new one, in one step."""
    person = await member(turn.work.session, press.subject)
    await lock_out(turn.work, person.id, by=who.id)
    invitation = await invite(turn.work, person.id, by=who.id)
    link = deep_link(turn.opened.link_base_url, turn.opened.bot_username, invitation)
    await turn.edit(query, Message(turn.words("people.locked_out", name=person.name, link=link, days=VALID_DAYS)))


@on_person("teams")
async def press_teams(turn: HandlerContext, _who: Member, query: CallbackQuery, press: Press) -> None:
    person = await member(turn.work.session, press.subject)
    query_ = (
        select(Team).join(Round, Round.id == Team.round_id).where(Round.state.not_in(ENDED_ROUNDS)).order_by(Team.id)
    )
    others = [team for team in await turn.work.session.scalars(query_) if team.id not in person.teams(*ON_TEAMS)]
    rows = tuple((Button(team.name, Press("people", "move", person.id, team.id).pack()),) for team in others)
    text = turn.words("people.which_team", name=person.name)
    await turn.edit(query, Message(text, (*rows, (_back(turn, person.id),))))


@on_person("move")
async def press_move(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    await move_to_team(turn.work, press.subject, press.arg, by=who.id)
    await turn.edit(query, await _card(turn, press.subject))


@on_person("units")
async def press_units(turn: HandlerContext, _who: Member, query: CallbackQuery, press: Press) -> None:
    await turn.edit(query, await _units(turn, press.subject))


@on_person("recuse")
async def press_recuse(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    await recuse(turn.work, press.subject, press.arg, by=who)
    await turn.edit(query, await _units(turn, press.subject))


@on_person("readmit")
async def press_readmit(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    await readmit(turn.work, press.subject, press.arg, by=who)
    await turn.edit(query, await _units(turn, press.subject))


async def _units(turn: HandlerContext, staff_id: str) -> Message:
    person = await member(turn.work.session, staff_id)
    rows = []
    for unit in await units_to_recuse_from(turn.work, person):
        if unit.id in person.units(Role.UNIT_HEAD, Role.LIAISON):
            continue  # their own: no recusal of it can be lifted
        out = unit.id in person.shut_out_of
        action = "readmit" if out else "recuse"
        rows.append((Button(f"{'⛔ ' if out else ''}{unit.name}", Press("people", action, staff_id, unit.id).pack()),))
    return Message(turn.words("people.which_unit", name=person.name), (*rows, (_back(turn, staff_id),)))


def _back(turn: HandlerContext, staff_id: str) -> Button:
    return _button(turn, "team.back", "card", staff_id)


def _button(turn: HandlerContext, key: str, action: str, staff_id: str) -> Button:
    return button(turn.words, key, Press("people", action, staff_id).pack())


def register(application: App) -> None:
    """Hear /staff and its presses."""
    private = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE & ON_STAFF
    application.add_handler(CommandHandler("staff", take_staff, filters=private))
    application.add_handler(CallbackQueryHandler(take_press, pattern=pattern("people")))
