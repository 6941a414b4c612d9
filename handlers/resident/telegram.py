"""Telegram's side of the resident's conversation: updates in, messages out, and nothing decided here."""

import secrets
from html import unescape

from telegram import CallbackQuery, Contact, Location, Update, Venue
from telegram import Message as TelegramMessage
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from handlers.context import NOT_AWAITED, App, HandlerContext
from handlers.press import pattern
from handlers.resident.messages import (
    Edited,
    Incoming,
    NotAwaited,
    Offered,
    OfferKind,
    Pressed,
    ReceiptDrawn,
    Reply,
    Said,
    Scanned,
    Showed,
    Unfit,
    UnfitKind,
    Vanishes,
    Wish,
)
from handlers.resident.rendering import Renderer, renderer_for
from handlers.resident.service import handle
from media.kinds import Cleaned
from privacy.receipt import meant_as_code
from services.delivery.trail import store_messages
from services.intake.drafts import load_conversation, source_of
from services.intake.place import scan
from services.outbox import OutgoingMessage
from services.people.prompts import close_prompt
from texts.catalogue import Words, language_of
from texts.message import Message

COMMANDS = {
    "help": Wish.HELP,
    "privacy": Wish.PRIVACY,
    "lang": Wish.LANGUAGE,
    "cancel": Wish.CANCEL,
    "forget": Wish.FORGET,
    "clear": Wish.CLEAR,
}

# What a message holds, by the name of its field; the first that is there names it.
_UNFIT = {
    "sticker": UnfitKind.STICKER,
    "poll": UnfitKind.POLL,
}


def register(application: App) -> None:
    """Take what residents send and press; the last of all handlers of private messages."""
    fresh = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    application.add_handler(CommandHandler("start", start, filters=fresh))
    application.add_handler(CommandHandler(list(COMMANDS), command, filters=fresh))
    application.add_handler(CallbackQueryHandler(press, pattern=pattern("r")))
    application.add_handler(MessageHandler(fresh & ~filters.StatusUpdate.ALL, message))
    application.add_handler(MessageHandler(filters.ChatType.PRIVATE & filters.UpdateType.EDITED_MESSAGE, edit))


async def start(update: Update, turn: HandlerContext) -> None:
    token = turn.args[0] if turn.args else None
    await answer(update, turn, Scanned(await scan(turn.work, token, _chat(update)), mark=secrets.token_hex(4)))


def _chat(update: Update) -> int:
    return update.effective_chat.id if update.effective_chat else 0


async def command(update: Update, turn: HandlerContext) -> None:
    if update.message is None or not update.message.text:
        return
    name = update.message.text.split()[0].removeprefix("/").partition("@")[0].lower()
    await answer(update, turn, COMMANDS[name])


async def message(update: Update, turn: HandlerContext) -> None:
    if update.message is not None:
        await answer(update, turn, _read(turn, update.message))


async def edit(update: Update, turn: HandlerContext) -> None:
    changed = update.edited_message
    text = None if changed is None else changed.text or changed.caption
    if changed is not None and text is not None:  # a live location moves without a word
        await answer(update, turn, Edited(_source(turn, changed), text))


async def press(update: Update, turn: HandlerContext) -> None:
    query = update.callback_query
    if query is None:
        return
    pressed = turn.press(query)
    if turn.refused_in_group(query):
        return
    turn.toast(query)
    if pressed is not None:
        await answer(update, turn, Pressed(pressed.action, pressed.subject, pressed.arg), query)


async def is_for_us(turn: HandlerContext, came: TelegramMessage) -> bool:
    """Whether what somebody on the staff sends is a resident's: a complaint is open here, or it was meant as a code."""
    if meant_as_code(came.text or came.caption or "") is not None:
        return True
    return not (await load_conversation(turn.work, came.chat.id)).is_over


async def answer(update: Update, turn: HandlerContext, incoming: Incoming, query: CallbackQuery | None = None) -> None:
    """Let the conversation answer, and say it here; in place of the pressed message where that is meant."""
    if update.effective_chat is None:
        return
    client = language_of(turn.language_code)
    heard = await handle(turn.work, update.effective_chat.id, incoming, client_language=client)
    if heard.trail and update.effective_message and query is None:
        await store_messages(turn.work, heard.trail, [update.effective_message.message_id])
    speaking = await renderer_for(turn.work, heard.language)
    trail = str(heard.trail) if heard.trail else None
    if await _question_closed(turn, update.effective_chat.id, incoming):
        await turn.say(Message(speaking.words("resident.question_closed")), trail=trail)
    for reply in heard.replies:
        await _give(turn, speaking, reply, query, trail=trail)


async def _question_closed(turn: HandlerContext, chat_id: int, incoming: Incoming) -> bool:
    """Close what a staff member is being asked for once they speak as a resident; return whether there was anything.

    Whoever scans a poster means to report, even when it opens nothing today.
    """
    if turn.member is None or turn.opened.prompt is None:
        return False
    if not isinstance(incoming, Scanned) and (await load_conversation(turn.work, chat_id)).is_over:
        return False
    await close_prompt(turn.work, turn.member.id)
    return True


async def _give(
    turn: HandlerContext, speaking: Renderer, reply: Reply, query: CallbackQuery | None, *, trail: str | None
) -> None:
    if isinstance(reply, Vanishes):
        if query is not None and query.message is not None:
            await turn.owe(OutgoingMessage("delete", {"message_id": query.message.message_id}))
        return
    if isinstance(reply, ReceiptDrawn):  # drawn when it is sent
        args = {"receipt": reply.receipt.pack(), "language": speaking.words.language}
        await turn.owe(OutgoingMessage("receipt_picture", args, trail=trail))
        return
    messages = speaking.messages(reply)
    if query is not None and reply.instead and len(messages) == 1:
        await turn.edit(query, messages[0], trail=trail)
        return
    for said in messages:
        await turn.say(said, trail=trail)


def _read(turn: HandlerContext, came: TelegramMessage) -> Incoming:
    attachment = turn.opened.attachment
    if isinstance(attachment, Cleaned):
        return Showed(attachment, came.caption or "", _source(turn, came), came.media_group_id)
    if attachment is not None and attachment.reason == NOT_AWAITED:
        return NotAwaited()
    if attachment is not None:
        return Unfit(UnfitKind(attachment.reason), came.caption or "", _source(turn, came))
    if came.text and came.text.startswith("/"):
        return Wish.HELP
    if came.text:
        return Said(came.text, _source(turn, came))
    if came.contact:
        return Offered(OfferKind.CONTACT, _contact(turn.words, came.contact), _source(turn, came))
    if came.location:
        return Offered(OfferKind.LOCATION, _location(turn.words, came.location, came.venue), _source(turn, came))
    kinds = (kind for field, kind in _UNFIT.items() if getattr(came, field))
    return Unfit(next(kinds, UnfitKind.UNKNOWN), came.caption or "", _source(turn, came))


def _contact(words: Words, contact: Contact) -> str:
    name = " ".join(part for part in (contact.last_name, contact.first_name) if part)
    return unescape(words("resident.contact", name=name, phone=contact.phone_number))


def _location(words: Words, location: Location, venue: Venue | None) -> str:
    # Four decimals are ten metres: enough to find a pipe, and no more than is needed.
    point = f"{location.latitude:.4f}, {location.longitude:.4f}"
    name = ", ".join(part for part in (venue.title, venue.address) if part) if venue else ""
    return unescape(
        words("resident.location_named", name=name, point=point) if name else words("resident.location", point=point)
    )


def _source(turn: HandlerContext, came: TelegramMessage) -> str:
    return source_of(turn.work.keyring.lane_secret, came.chat.id, came.message_id)
