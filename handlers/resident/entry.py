"""Translates updates into what the resident's conversation takes, and its replies into messages."""

import secrets

from handlers.context import HandlerContext
from handlers.incoming import NOT_EXPECTED, Command, Contact, Edit, File, Location, Text, UnfitFile, Unsupported
from handlers.press import Press
from handlers.resident.messages import (
    AdditionPreview,
    DeletePressed,
    DraftPreview,
    Edited,
    FileNotExpected,
    FileSent,
    Incoming,
    Pressed,
    Reply,
    ResidentCommand,
    Scanned,
    SendReceiptPicture,
    TextSent,
    Unconfirmed,
    UnconfirmedKind,
    Unfit,
    UnfitKind,
)
from handlers.resident.rendering import Renderer, renderer_for
from handlers.resident.service import Response, handle
from media.kinds import Cleaned
from privacy.receipt_search import meant_as_code
from privacy.trail import Trail
from services.delivery.notices import ReceiptPicture
from services.delivery.trail import queue_preview, store_messages, take_back_preview
from services.intake.conversation_store import load_conversation, source_of
from services.intake.drafts import ConversationState
from services.intake.place import scan
from services.outbox import DeleteMessage, OutgoingMessage
from services.people.forms import close_form, close_question
from texts.catalogue import Words, language_of
from texts.message import Message

AREA = "r"  # of the buttons that residents press
COMMANDS = {
    "start": None,
    "help": ResidentCommand.HELP,
    "privacy": ResidentCommand.PRIVACY,
    "lang": ResidentCommand.LANGUAGE,
    "cancel": ResidentCommand.CANCEL,
    "forget": ResidentCommand.FORGET,
    "clear": ResidentCommand.CLEAR,
}
_UNSUPPORTED = {"sticker": UnfitKind.STICKER, "poll": UnfitKind.POLL}


async def take_command(context: HandlerContext, command: Command) -> None:
    """Take a command of residents; `start` comes with what a printed code says."""
    resident_command = COMMANDS[command.name]
    if resident_command is ResidentCommand.CLEAR and not context.capabilities.deletion:
        conversation = await _conversation(context)
        words = Words(conversation.language or language_of(context.update.language_code))
        await context.say(Message(words("resident.cannot_clear")))
    elif resident_command is not None:
        await _answer(context, resident_command)
    else:
        token = command.args[0] if command.args else None
        found = await scan(context.work, token, context.update.address)
        await _answer(context, Scanned(found, draft_id=secrets.token_hex(4)))


async def take_message(context: HandlerContext) -> None:
    """Take whatever else a resident sends."""
    await _answer(context, _read(context))


async def take_edit(context: HandlerContext, edit: Edit) -> None:
    """Take what an earlier message is now."""
    file, unfit = edit.file, None
    if isinstance(file, UnfitFile) and file.reason != NOT_EXPECTED:
        unfit = UnfitKind(file.reason)
    attachment = file if isinstance(file, Cleaned) else None
    await _answer(context, Edited(_source(context), edit.text, attachment, unfit, has_file=file is not None))


async def hears_edits(context: HandlerContext) -> bool:
    """Whether what somebody on the staff changes in their chat is a resident's: they write or visit a complaint."""
    conversation = await _conversation(context)
    return not conversation.is_over


async def take_press(context: HandlerContext, press: Press) -> None:
    """Take a button of the resident's area."""
    if context.refused_in_group():
        return
    context.toast()
    await _answer(context, Pressed(press.action, press.subject, press.arg))


async def say_file_late(context: HandlerContext) -> None:
    """Say that a file is still on its way, on the trail of the conversation it was sent to."""
    conversation = await _conversation(context)
    words = Words(conversation.language or context.words.language, context.capabilities.lacking)
    await context.say(Message(words("common.file_late")), trail=Trail.read(conversation.trail))


async def is_meant_for_resident(context: HandlerContext) -> bool:
    """Whether what somebody on the staff sends is a resident's: a complaint is open here, or it was meant as a code.

    So is what follows a complaint that was just sent, unless they are filling in a form.
    """
    match context.update.content:
        case Text(text) | File(_, text) | Unsupported(_, text) if meant_as_code(text) is not None:
            return True
    conversation = await _conversation(context)
    return conversation.takes_all or (conversation.just_sent and context.form is None)


async def has_open_conversation(context: HandlerContext) -> bool:
    """Whether a complaint is begun in this chat, or visited with its code."""
    return (await _conversation(context)).takes_all


async def _conversation(context: HandlerContext) -> ConversationState:
    """Return where this chat is, which is read once for an update."""
    if context.conversation is None:
        context.conversation = await load_conversation(context.work, context.update.address)
    return context.conversation


async def _answer(context: HandlerContext, incoming: Incoming) -> None:
    """Run the conversation and send its replies; in place of the pressed message where a reply asks for it."""
    update = context.update
    client = language_of(update.language_code)
    state = await _conversation(context)
    response = await handle(
        context.work, update.address, state, incoming, client_language=client, capabilities=context.capabilities
    )
    context.conversation = response.state
    if context.capabilities.deletion:
        await _take_back_previews(context, state, response)
    if response.trail and update.message_id is not None and not isinstance(incoming, Pressed):
        await store_messages(context.work, response.trail, [update.message_id])
    renderer = await renderer_for(context.work, response.language, context.capabilities)
    if await _form_closed(context, incoming):
        await context.say(Message(renderer.words("resident.question_closed")), trail=response.trail)
    for reply in response.replies:
        await _send_reply(context, renderer, reply, pressed=isinstance(incoming, Pressed), trail=response.trail)


async def _take_back_previews(context: HandlerContext, before: ConversationState, response: Response) -> None:
    """Delete the previews of what is not there any more, but for one that says something else from now on."""
    after, trail = response.state, Trail.read(before.trail)
    if trail is None:
        return
    gone = []
    is_sent = after.just_sent and not before.just_sent  # then the receipt takes its place
    if before.draft is not None and before.below is not None and after.draft is None and not is_sent:
        gone.append(before.draft.draft_id)
    if before.addition is not None and before.below_addition is not None and after.addition is None:
        gone.append(before.addition.addition_id)
    for draft_id in gone:
        await take_back_preview(context.work, context.update.address, draft_id, trail, but=context.update.message_id)


async def _form_closed(context: HandlerContext, incoming: Incoming) -> bool:
    """Close the form a staff member is filling in once they speak as a resident; return whether there was any.

    Whoever scans a poster means to report, even when it opens nothing today.
    """
    scanned = isinstance(incoming, Scanned)
    if context.member is None or (context.form is None and not scanned):
        return False
    if not scanned and not await has_open_conversation(context):
        return False
    await close_form(context.work, context.member.id)  # or what was kept of what they wrote before
    if context.form is None:
        return False
    await close_question(context.work, context.member.id, context.form.question)
    return True


async def _send_reply(
    context: HandlerContext, renderer: Renderer, reply: Reply, *, pressed: bool, trail: Trail | None
) -> None:
    if isinstance(reply, DeletePressed):
        if pressed and context.update.message_id is not None:
            await context.send(OutgoingMessage(DeleteMessage(context.update.message_id)))
        return
    if isinstance(reply, SendReceiptPicture):  # drawn when it is sent
        picture = ReceiptPicture(reply.receipt.pack(), renderer.words.language)
        await context.send(OutgoingMessage(picture, trail=trail))
        return
    messages = renderer.messages(reply)
    if pressed and reply.in_place and len(messages) == 1:
        await context.edit(messages[0], trail=trail)
        return
    if isinstance(reply, DraftPreview | AdditionPreview) and trail is not None:
        shown = reply.draft.draft_id if isinstance(reply, DraftPreview) else reply.addition.addition_id
        await queue_preview(context.work, context.update.address, messages[0], reply.place, shown, trail)
        return
    for said in messages:
        await context.say(said, trail=trail)


def file_sent(file: Cleaned | UnfitFile, source: str, caption: str = "", album: str | None = None) -> Incoming:
    """Return what a file is to the conversation: one that was made anew, or why it was not."""
    if isinstance(file, Cleaned):
        return FileSent(file, caption, source, album)
    return FileNotExpected() if file.reason == NOT_EXPECTED else Unfit(UnfitKind(file.reason), caption, source)


def _read(context: HandlerContext) -> Incoming:
    source = _source(context)
    match context.update.content:
        case File(file, caption, album):
            return file_sent(file, source, caption, album)
        case Text(text, points_elsewhere) if not text.startswith("/"):
            return TextSent(text, source, points_elsewhere=points_elsewhere)
        case Contact(name, phone):
            return Unconfirmed(
                UnconfirmedKind.CONTACT, context.words.plain("resident.contact", name=name, phone=phone), source
            )
        case Location() as location:
            kind = UnconfirmedKind.LIVE_LOCATION if location.moves else UnconfirmedKind.LOCATION
            return Unconfirmed(kind, _location(context.words, location), source)
        case Unsupported(kind, caption):
            return Unfit(_UNSUPPORTED.get(kind, UnfitKind.UNKNOWN), caption, source)
        case _:
            return ResidentCommand.HELP


def _location(words: Words, location: Location) -> str:
    # Four decimals are ten metres: enough to find a pipe, and no more than is needed.
    point = f"{location.latitude:.4f}, {location.longitude:.4f}"
    if location.name:
        return words.plain("resident.location_named", name=location.name, point=point)
    return words.plain("resident.location", point=point)


def _source(context: HandlerContext) -> str:
    return source_of(context.work.keyring.lane_secret, context.update.address, context.update.message_id or 0)
