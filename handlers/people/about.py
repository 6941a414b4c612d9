"""/whoami, /help and /lang: roles and recusals, what one can do, and the language."""

from handlers.actions import Action, NothingDone, Replaced, Result, Subject, register
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.people.addresses import add_button, addresses_button
from handlers.people.sign_in import pages_button
from handlers.press import Press
from models.staff import GRANTED_ROLES, Role
from services.access.member import Member
from services.directory import Directory, Person, RoleAt
from services.people.enrol import choose_language as keep_language
from services.unit_of_work import UnitOfWork
from texts.catalogue import LANGUAGES, Html, Words
from texts.message import Button, Message

# What each role is told it will get here, in the order of a county's own list.
_DUTIES_BY_ROLE = {
    Role.TEAM_LEADER: "staff.gets_team_leader",
    Role.TEAM_MEMBER: "staff.gets_team_member",
    Role.OFFICE_DIRECTOR: "staff.gets_office",
    Role.OFFICE_STAFF: "staff.gets_office",
    Role.UNIT_HEAD: "staff.gets_unit_head",
    Role.LIAISON: "staff.gets_liaison",
    Role.COUNTY_LEADER: "staff.gets_county_leader",
    Role.RESIDENT_CADRE: "staff.gets_resident_cadre",
    Role.RECEIVING_DEPARTMENT: "staff.gets_department",
    Role.DEPARTMENT_HEAD: "staff.gets_department",
    Role.LEADING_GROUP_HEAD: "staff.gets_leading_group",
    Role.LEADING_GROUP_MEMBER: "staff.gets_leading_group",
    **dict.fromkeys(GRANTED_ROLES, "staff.gets_granted"),
}


@command("whoami")
async def whoami(context: HandlerContext, who: Member) -> None:
    """Say who somebody is here, and what they are recused from; a button leads to where they are reached.

    Whoever is reached nowhere yet is asked for an address.
    """
    lines = [context.words("staff.whoami", name=who.name, roles=await roles_of(context.work, context.words, who))]
    known = await context.work.directory()
    recused = [known.units[unit_id].name for unit_id in sorted(who.shut_out_of - set(_own_units(who)))]
    if recused:
        lines.append(context.words("staff.recused", units=context.words("staff.list_comma").join(recused)))
    button = addresses_button(context.words)
    if not known.is_enrolled(who.id):
        lines.append(context.words("staff.reached_nowhere" if context.work.has_mail else "staff.reached_nowhere_yet"))
        button = add_button(context.words) if context.work.has_mail else button
    await context.say(Message(Html("\n\n".join(lines)), ((button,),)))


@command("help")
@command("start")
async def help_(context: HandlerContext, who: Member) -> None:
    """Say what somebody can do here."""
    text = context.words("staff.help", duties=duties_of(context.words, who))
    await context.say(Message(text, pages_button(context.work, context.words)))


@command("lang")
async def choose_language(context: HandlerContext, _who: Member) -> None:
    """Ask which language somebody wants to read."""
    await context.say(Message(context.words("staff.which_language"), _languages()))


async def _keep_language(context: HandlerContext, who: Member, press: Press) -> Result:
    if press.subject not in LANGUAGES:
        return NothingDone(context.words("staff.press_unknown"))
    await keep_language(context.work, who, press.subject)
    return Replaced(Message(Words(press.subject)("staff.language_chosen")))


async def roles_of(work: UnitOfWork, words: Words, member: Person) -> Html:
    """Return what somebody is, a line for each role."""
    known = await work.directory()
    return Html("\n".join(_role(known, words, held) for held in member.roles))


def duties_of(words: Words, member: Member) -> Html:
    """Return what somebody gets here and which commands are theirs."""
    keys = [key for role, key in _DUTIES_BY_ROLE.items() if member.has(role)]
    return Html("\n\n".join(words(key) for key in dict.fromkeys(keys)))


def _role(known: Directory, words: Words, held: RoleAt) -> Html:
    title = words(f"staff.role_{held.role}")
    if held.team_id is not None:
        return words("staff.role_at", place=known.teams[held.team_id].name, role=title)
    if held.unit_id is not None:
        return words("staff.role_at", place=known.units[held.unit_id].name, role=title)
    if held.department_id is not None:
        return words("staff.role_at", place=known.departments[held.department_id].name, role=title)
    return words("staff.role_alone", role=title)


def _own_units(member: Member) -> tuple[str, ...]:
    return tuple(held.unit_id for held in member.roles if held.unit_id)


def _languages() -> tuple[tuple[Button, ...], ...]:
    return (
        tuple(
            Button(Words(language).plain("staff.language_name"), Press("staff", "lang", language).pack())
            for language in LANGUAGES
        ),
    )


async def _refused(context: HandlerContext, _who: Member, _press: Press, _refusal: Exception) -> None:
    context.alert("staff.press_unknown")


SUBJECT = register(
    Subject(
        "staff",
        (Action("lang", _keep_language),),
        _refused,
        stranger_key="staff.press_unknown",
        unknown_key="staff.press_unknown",
    )
)
