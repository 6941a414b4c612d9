"""Who am I here, what can I do, in which language: /whoami, /help, /lang."""

from html import unescape

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from handlers.context import App, HandlerContext
from handlers.press import Press, pattern
from handlers.prompts import ON_STAFF
from models.rounds import Team, Unit
from models.staff import Role
from services.access.member import Member, RoleAt
from services.people.enrol import choose_language
from services.unit_of_work import UnitOfWork
from texts.catalogue import LANGUAGES, Html, Words
from texts.message import Button, Message

# What each role is told it will get here, in the order of a county's own list.
_TOLD = {
    Role.TEAM_LEADER: "staff.gets_team_leader",
    Role.TEAM_MEMBER: "staff.gets_team_member",
    Role.OFFICE_DIRECTOR: "staff.gets_office",
    Role.OFFICE_STAFF: "staff.gets_office",
    Role.UNIT_HEAD: "staff.gets_unit_head",
    Role.LIAISON: "staff.gets_liaison",
    Role.COUNTY_LEADER: "staff.gets_county_leader",
    Role.LEADING_GROUP_HEAD: "staff.gets_leading_group",
    Role.LEADING_GROUP_MEMBER: "staff.gets_leading_group",
}


async def command_whoami(_update: Update, turn: HandlerContext) -> None:
    member = turn.member
    if member is None:
        return
    lines = [turn.words("staff.whoami", name=member.name, roles=await roles_of(turn.work, turn.words, member))]
    recused = [await _unit(turn.work, unit_id) for unit_id in sorted(member.shut_out_of - set(_own_units(member)))]
    if recused:
        lines.append(turn.words("staff.recused", units=turn.words("staff.list_comma").join(recused)))
    await turn.say(Message(Html("\n\n".join(lines))))


async def command_help(_update: Update, turn: HandlerContext) -> None:
    if turn.member is not None:
        await turn.say(Message(turn.words("staff.help", duties=duties_of(turn.words, turn.member))))


async def command_lang(_update: Update, turn: HandlerContext) -> None:
    if turn.member is not None:
        await turn.say(Message(turn.words("staff.which_language"), _languages()))


async def take_language(update: Update, turn: HandlerContext) -> None:
    query = update.callback_query
    press = turn.press(query) if query else None
    if query is None or press is None:
        return
    if turn.member is None or press.action != "lang" or press.subject not in LANGUAGES:
        turn.toast(query, unescape(turn.words("staff.press_unknown")), alert=True)
        return
    if turn.refused_in_group(query):
        return
    await choose_language(turn.work, turn.member, press.subject)
    turn.toast(query)
    await turn.edit(query, Message(Words(press.subject)("staff.language_chosen")))


async def roles_of(work: UnitOfWork, words: Words, member: Member) -> Html:
    """Return what somebody is, a line for each role."""
    return Html("\n".join([await _role(work, words, held) for held in member.roles]))


def duties_of(words: Words, member: Member) -> Html:
    """Return what somebody gets here and which commands are theirs."""
    keys = [key for role, key in _TOLD.items() if member.has(role)]
    return Html("\n\n".join(words(key) for key in dict.fromkeys(keys)))


async def _role(work: UnitOfWork, words: Words, held: RoleAt) -> Html:
    title = words(f"staff.role_{held.role}")
    if held.team_id is not None:
        team = await work.session.get_one(Team, held.team_id)
        return words("staff.role_at", place=team.name, role=title)
    if held.unit_id is not None:
        return words("staff.role_at", place=await _unit(work, held.unit_id), role=title)
    return words("staff.role_alone", role=title)


async def _unit(work: UnitOfWork, unit_id: str) -> str:
    return (await work.session.get_one(Unit, unit_id)).name


def _own_units(member: Member) -> tuple[str, ...]:
    return tuple(held.unit_id for held in member.roles if held.unit_id)


def _languages() -> tuple[tuple[Button, ...], ...]:
    return (
        tuple(
            Button(unescape(Words(language)("staff.language_name")), Press("staff", "lang", language).pack())
            for language in LANGUAGES
        ),
    )


def register(application: App) -> None:
    """Hear what everybody on the staff may ask, in private."""
    staff_in_private = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE & ON_STAFF
    application.add_handler(CommandHandler("whoami", command_whoami, filters=staff_in_private))
    application.add_handler(CommandHandler("help", command_help, filters=staff_in_private))
    application.add_handler(CommandHandler("start", command_help, filters=staff_in_private, has_args=False))
    application.add_handler(CommandHandler("lang", command_lang, filters=staff_in_private))
    application.add_handler(CallbackQueryHandler(take_language, pattern=pattern("staff")))
