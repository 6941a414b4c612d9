"""The office director replaces a printed code: one that is suddenly used from everywhere, or is lost."""

import asyncio

from handlers.actions import Action, Replaced, Result, Subject, button, register
from handlers.context import HandlerContext
from handlers.notices import renders
from handlers.press import Press
from models.rounds import PlaceKind, QrCode, Round, Unit, Village
from models.staff import Role
from qr.poster_words import Poster
from qr.typesetting import MissingGlyph, TextTooLong
from services.access.member import Member
from services.delivery.reader import Reader
from services.intake.notices import CodeAlarm
from services.outbox import OutgoingMessage
from services.rounds.codes import PrintedPlace, replace_codes, token_of
from services.rounds.notices import NewCode
from services.rounds.posters import NoPosters, posters
from services.unit_of_work import UnitOfWork
from texts.catalogue import Words
from texts.message import Button, Message, Upload, UploadKind


@renders(CodeAlarm)
async def code_alarm(work: UnitOfWork, reader: Reader, notice: CodeAlarm) -> Message | None:
    code = await work.session.get(QrCode, notice.serial)
    if code is None or code.revoked_at is not None:
        return None
    scans_a_day = (await work.settings()).abuse.alarm_scans_a_day
    text = reader.words("people.code_alarm", place=await place_name(work, code), most=scans_a_day)
    return Message(text, (_revoke_or_leave(reader.words, code, "people.code_leave"),))


@renders(NewCode)
async def new_code(work: UnitOfWork, reader: Reader, notice: NewCode) -> Message | None:
    """Return what to print: the poster of a village, else the code alone."""
    code = await work.session.get(QrCode, notice.serial)
    if code is None:
        return None
    place = await place_name(work, code)
    text, otherwise = reader.words("people.code_print", place=place), reader.words("people.code_not_shown", place=place)
    if code.place_kind == PlaceKind.VILLAGE:
        try:
            found = await posters(
                work, code.round_id, lambda _token: notice.link, notice.bot, villages={code.place_id or ""}
            )
            poster = await asyncio.to_thread(_drawn_poster, found)
            return Message(text, upload=Upload(UploadKind.DOCUMENT, poster, "pdf", otherwise))
        except (NoPosters, MissingGlyph, TextTooLong):
            pass  # the code alone can be printed all the same
    drawn = await asyncio.to_thread(_drawn_code, notice.link)
    return Message(text, upload=Upload(UploadKind.DOCUMENT, drawn, "png", otherwise))


# What draws takes 50 MB of libraries, and in most counties no code is ever replaced: they are imported when one is.
def _drawn_poster(posters: list[Poster]) -> bytes:
    from qr.poster import posters_pdf

    return posters_pdf(posters)


def _drawn_code(link: str) -> bytes:
    from qr.code import png

    return png(link)


async def _code(context: HandlerContext, press: Press) -> QrCode | None:
    code = await context.work.session.get(QrCode, press.subject, with_for_update=True)
    return None if code is None or code.revoked_at is not None else code


def _revoke_or_leave(words: Words, code: QrCode, leave_key: str) -> tuple[Button, Button]:
    return (
        button(words, "people.code_revoke", Press("code", "revoke", code.serial).pack()),
        button(words, leave_key, Press("code", "leave", code.serial).pack()),
    )


async def _ask(context: HandlerContext, _who: Member, press: Press) -> Result:
    """Ask once more: what hangs there is no good any more."""
    code = await _code(context, press)
    if code is None:
        return Replaced(Message(context.words("people.code_gone")))
    text = context.words("people.code_sure", place=await place_name(context.work, code))
    return Replaced(Message(text, (_revoke_or_leave(context.words, code, "people.code_keep"),)))


async def _replace(context: HandlerContext, who: Member, press: Press) -> Result:
    """Revoke a code, and bring what is to be printed in its place; from a page it is printed there."""
    old = await _code(context, press)
    if old is None:
        return Replaced(Message(context.words("people.code_gone")))
    place = PrintedPlace(old.round_id, old.place_kind, old.place_id)
    code = await replace_codes(context.work, place, by=who.id)
    if context.capabilities.push:
        link = context.links.of_code(token_of(context.work, code))
        notice = NewCode(code.serial, link, context.links.bot_username)
        await context.work.outbox.to_staff(who.id, OutgoingMessage(notice))
    return Replaced(Message(context.words("people.code_revoked", place=await place_name(context.work, code))))


async def _leave(context: HandlerContext, _who: Member, press: Press) -> Result:
    """Leave a code as it is."""
    code = await _code(context, press)
    if code is None:
        return Replaced(Message(context.words("people.code_gone")))
    return Replaced(Message(context.words("people.code_left", place=await place_name(context.work, code))))


async def place_name(work: UnitOfWork, code: QrCode) -> str:
    """Return where a code hangs."""
    if code.place_kind == PlaceKind.VILLAGE:
        return (await work.session.get_one(Village, code.place_id)).name
    if code.place_kind == PlaceKind.UNIT:
        return (await work.session.get_one(Unit, code.place_id)).name
    return (await work.session.get_one(Round, code.round_id)).name


async def _refused(context: HandlerContext, _who: Member, _press: Press, _refusal: Exception) -> None:
    context.alert("people.directors_only")


SUBJECT = register(
    Subject(
        "code",
        (Action("sure", _ask), Action("revoke", _replace), Action("leave", _leave)),
        _refused,
        stranger_key="people.directors_only",
        entitled=lambda who: who.has(Role.OFFICE_DIRECTOR),
    )
)
