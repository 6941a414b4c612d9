"""A code that is suddenly used from everywhere: the office director is asked, and has it replaced with one press."""

import asyncio
from collections.abc import Mapping
from typing import Any

from telegram import CallbackQuery, Update
from telegram.ext import CallbackQueryHandler

from handlers.cases.labels import button, plain
from handlers.context import App, HandlerContext
from handlers.notices import Reader, renders
from handlers.press import Press, pattern
from models.rounds import PlaceKind, QrCode, Round, Unit, Village
from models.staff import Role
from qr.code import png
from qr.link import deep_link
from qr.poster import MissingGlyph, TextTooLong, posters_pdf
from services.outbox import OutgoingMessage
from services.rounds.codes import PrintedPlace, replace_codes, token_of
from services.rounds.posters import NoPosters, posters
from services.unit_of_work import UnitOfWork
from texts.message import Message, Shown, Upload


@renders("code_alarm")
async def code_alarm(work: UnitOfWork, reader: Reader, args: Mapping[str, Any]) -> Message | None:
    code = await work.session.get(QrCode, args["serial"])
    if code is None or code.revoked_at is not None:
        return None
    most = (await work.settings()).abuse.alarm_scans_a_day
    revoke = button(reader.words, "people.code_revoke", Press("code", "revoke", code.serial).pack())
    leave = button(reader.words, "people.code_leave", Press("code", "leave", code.serial).pack())
    text = reader.words("people.code_alarm", place=await _place(work, code), most=most)
    return Message(text, ((revoke, leave),))


@renders("new_code")
async def new_code(work: UnitOfWork, reader: Reader, args: Mapping[str, Any]) -> Message | None:
    """Return what to print: the poster of a village, else the code alone."""
    code = await work.session.get(QrCode, args["serial"])
    if code is None:
        return None
    text = reader.words("people.code_print", place=await _place(work, code))
    if code.place_kind == PlaceKind.VILLAGE:
        try:
            found = await posters(work, code.round_id, lambda _token: args["link"], only_village=code.place_id)
            return Message(text, upload=Upload(Shown.DOCUMENT, await asyncio.to_thread(posters_pdf, found), "pdf"))
        except (NoPosters, MissingGlyph, TextTooLong):
            pass  # the code alone can be printed all the same
    return Message(text, upload=Upload(Shown.DOCUMENT, png(args["link"]), "png"))


async def take_press(update: Update, turn: HandlerContext) -> None:
    query = update.callback_query
    press, who = (turn.press(query) if query else None), turn.member
    if query is None or press is None:
        return
    if who is None or not who.has(Role.OFFICE_DIRECTOR):
        turn.toast(query, plain(turn.words("people.directors_only")), alert=True)
        return
    if turn.refused_in_group(query):
        return
    turn.toast(query)
    code = await turn.work.session.get(QrCode, press.subject, with_for_update=True)
    if code is None or code.revoked_at is not None:
        await turn.edit(query, Message(turn.words("people.code_gone")))
    elif press.action == "revoke":
        await _replace(turn, query, who.id, code)
    else:
        await turn.edit(query, Message(turn.words("people.code_left", place=await _place(turn.work, code))))


async def _replace(turn: HandlerContext, query: CallbackQuery, staff_id: str, old: QrCode) -> None:
    place = PrintedPlace(old.round_id, PlaceKind(old.place_kind), old.place_id)
    code = await replace_codes(turn.work, place, by=staff_id)
    link = deep_link(turn.opened.link_base_url, turn.opened.bot_username, token_of(turn.work, code))
    await turn.work.outbox.to_staff(staff_id, OutgoingMessage("new_code", {"serial": code.serial, "link": link}))
    await turn.edit(query, Message(turn.words("people.code_revoked", place=await _place(turn.work, code))))


async def _place(work: UnitOfWork, code: QrCode) -> str:
    if code.place_kind == PlaceKind.VILLAGE:
        return (await work.session.get_one(Village, code.place_id)).name
    if code.place_kind == PlaceKind.UNIT:
        return (await work.session.get_one(Unit, code.place_id)).name
    return (await work.session.get_one(Round, code.round_id)).name


def register(application: App) -> None:
    """Hear what directors decide about a code."""
    application.add_handler(CallbackQueryHandler(take_press, pattern=pattern("code")))
