"""/web: the link that opens somebody's own pages once, where they do what they do in chat."""

from handlers.actions import Action, Done, Result, Subject, button, register
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.notices import DESK, StaffReader, renders_for_staff
from handlers.press import Press
from services.access.member import Member
from services.people.notices import SignIn
from services.people.sessions import LINK_LIFETIME, make_link, opens_for
from services.unit_of_work import UnitOfWork
from texts.catalogue import Words
from texts.message import Button, Message, Rows

AREA = "web"
PATH = f"{DESK}/open/"  # and the link's token
_KEPT_HOURS = 1  # what has opened nothing by then opens nothing any more


def pages_button(work: UnitOfWork, words: Words) -> Rows:
    """Return the button that asks for the link, where there are pages."""
    return ((button(words, "desk.chat_button", Press(AREA, "link").pack()),),) if work.public_url else ()


@command("web")
async def bring_link(context: HandlerContext, who: Member) -> None:
    """Bring the link, where there are pages."""
    if context.work.public_url is None:
        await context.say(Message(context.words("desk.no_pages")))
        return
    token = await make_link(context.work, who.id, asked_on=context.update.address.channel)
    await context.say(_link(context.work, context.words, token), delete_after_hours=_KEPT_HOURS)


async def _bring(context: HandlerContext, who: Member, _press: Press) -> Result:
    await bring_link(context, who)
    return Done(renew=False)


@renders_for_staff(SignIn)
async def sign_in(work: UnitOfWork, reader: StaffReader, notice: SignIn) -> Message | None:
    """Say the link to whose it is, unless it is too old by now."""
    if not await opens_for(work, notice.token, reader.who.id):
        return None
    return _link(work, reader.words, notice.token, notice.waiting)


def address_of_link(public_url: str, token: str, waiting: str = "") -> str:
    """Return where a link leads; `waiting`: what stands in the link of the mail to which it leads on."""
    return public_url + PATH + token + (f"?to={waiting}" if waiting else "")


def _link(work: UnitOfWork, words: Words, token: str, waiting: str = "") -> Message:
    url = address_of_link(work.public_url or "", token, waiting)
    minutes = LINK_LIFETIME.seconds // 60
    return Message(words("desk.link", minutes=minutes), ((Button(words.plain("desk.open_link"), url=url),),))


async def _refused(context: HandlerContext, _who: Member, _press: Press, _refusal: Exception) -> None:
    context.alert("staff.press_unknown")


SUBJECT = register(
    Subject(
        AREA,
        (Action("link", _bring),),
        _refused,
        stranger_key="staff.press_unknown",
        unknown_key="staff.press_unknown",
    )
)
