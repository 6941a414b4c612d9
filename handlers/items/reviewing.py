"""The team reviews what a unit handed in: text and photos in private, then passed with a sentence, or returned."""

from collections.abc import Mapping
from html import escape
from typing import Any

from telegram import CallbackQuery
from telegram import Message as TelegramMessage

from handlers.cases.labels import button, plain
from handlers.cases.reporter_text import fit_for_reporters
from handlers.context import HandlerContext
from handlers.items.card import item_card
from handlers.items.labels import cancel_button, happened, number, open_button, short, unit_name
from handlers.items.presses import on_item, renew
from handlers.items.text_answers import answered_in_words
from handlers.notices import Reader, renders
from handlers.press import Press
from handlers.prompts import answers
from models.rectification import RectificationItem
from models.states import ItemState, NotEntitled
from services.access.member import Member, member
from services.people.prompts import Prompt, close_prompt, open_prompt
from services.rectification.item_log import events_of
from services.rectification.review_item import ReturnReason, pass_item, return_item
from services.rectification.unit_actions import may, read_evidence
from services.unit_of_work import UnitOfWork
from storage.folder import AttachmentGone
from texts.catalogue import SOURCE, Html, Words
from texts.message import Button, Message, Shown, Upload

LONGEST_RESULT = 300
LONGEST_REASON = 800


@renders("item_review")
async def item_review(work: UnitOfWork, reader: Reader, args: Mapping[str, Any]) -> Message | None:
    """Show a reviewer what was handed in; once one of them has decided, the others see how."""
    item = await work.session.get(RectificationItem, args["item_id"])
    try:
        who = await member(work.session, reader.staff_id or "")
    except NotEntitled:  # has left
        return None
    if item is None or not who.actors_at_item(item):
        return None
    events = await events_of(work, item)
    submitted = next((event for event in reversed(events) if event.event == "submit"), None)
    if submitted is None:
        return None
    words = reader.words
    lines = [
        words("item.review_title", number=number(item), unit=await unit_name(work, item)),
        words("item.line_problem", text=short(item.problem, 300)),
        Html(f"<blockquote expandable>{escape(submitted.note, quote=False)}</blockquote>")
        if submitted.note
        else Html(),
    ]
    if item.state == ItemState.SUBMITTED:
        buttons = [_begin(words, item, "pass"), _begin(words, item, "return")]
    else:
        later = [event for event in events if event.version > submitted.version and event.event in ("pass", "return")]
        lines += [happened(words, event) for event in later[:1]]
        buttons = [open_button(words, item.id)]
    return Message(Html("\n".join(lines)), (tuple(buttons),), protect=True)


@renders("item_evidence")
async def item_evidence(work: UnitOfWork, reader: Reader, args: Mapping[str, Any]) -> Message | None:
    """Show a reviewer one photo of a submission; it cannot be passed on."""
    try:
        who = await member(work.session, reader.staff_id or "")
        item, photo = await read_evidence(work, who, args["evidence_id"])
    except (NotEntitled, AttachmentGone):
        return None
    return Message(
        reader.words("item.evidence", number=number(item)), protect=True, upload=Upload(Shown.PHOTO, photo, "jpg")
    )


@on_item("pass")
async def press_pass(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    """Ask for the one sentence that reporters may be told."""
    item = await may(turn.work, who, press.subject, "pass")
    await open_prompt(turn.work, who.id, Prompt("item.pass", item.id, {}))
    turn.toast(query)
    default = _usual_result()
    use_it = button(turn.words, "item.button_usual_result", Press("item", "pass_usual", item.id).pack())
    text = turn.words("item.pass_prompt", number=number(item), sentence=default)
    await turn.say(Message(text, ((use_it,), (cancel_button(turn.words, item.id),))))


@on_item("pass_usual")
async def press_pass_usual(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    await pass_item(turn.work, who, press.subject, _usual_result())
    prompt = turn.opened.prompt
    if prompt is not None and prompt.form == "item.pass" and prompt.subject_id == press.subject:
        await close_prompt(turn.work, who.id)
    turn.toast(query, plain(turn.words("item.done_pass")))
    await renew(turn, who, query, press.subject)


@answers("item.pass")
async def take_result(turn: HandlerContext, who: Member, message: TelegramMessage, prompt: Prompt) -> None:
    async def let_pass(sentence: str) -> RectificationItem:
        return await pass_item(turn.work, who, prompt.subject_id or "", sentence)

    if not await fit_for_reporters(turn, (message.text or "").strip(), LONGEST_RESULT):
        return
    item = await answered_in_words(turn, who, message, LONGEST_RESULT, let_pass)
    if item is not None:
        await turn.say(await item_card(turn.work, turn.words, who, item))


@on_item("return")
async def press_return(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    """Ask why it goes back."""
    item = await may(turn.work, who, press.subject, "return")
    turn.toast(query)
    rows = [
        (button(turn.words, f"item.reason_{reason}", Press("item", "because", item.id, reason).pack()),)
        for reason in ReturnReason
    ]
    text = turn.words("item.return_prompt", number=number(item))
    await turn.say(Message(text, (*rows, (cancel_button(turn.words, item.id),))))


@on_item("because")
async def press_because(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    if press.arg not in list(ReturnReason):
        turn.toast(query, plain(turn.words("item.press_unknown")), alert=True)
        return
    reason = ReturnReason(press.arg)
    if reason is ReturnReason.OTHER:
        item = await may(turn.work, who, press.subject, "return")
        await open_prompt(turn.work, who.id, Prompt("item.return", item.id, {}))
        turn.toast(query)
        text = turn.words("item.return_words_prompt", number=number(item))
        await turn.say(Message(text, ((cancel_button(turn.words, item.id),),)))
        return
    await return_item(turn.work, who, press.subject, reason)
    turn.toast(query, plain(turn.words("item.done_return")))
    await renew(turn, who, query, press.subject)


@answers("item.return")
async def take_reason(turn: HandlerContext, who: Member, message: TelegramMessage, prompt: Prompt) -> None:
    async def send_back(text: str) -> RectificationItem:
        return await return_item(turn.work, who, prompt.subject_id or "", ReturnReason.OTHER, text)

    item = await answered_in_words(turn, who, message, LONGEST_REASON, send_back)
    if item is not None:
        await turn.say(await item_card(turn.work, turn.words, who, item))


def _usual_result() -> str:
    # It is kept as the item's public result and told to reporters, whatever language the reviewer reads.
    return plain(Words(SOURCE)("item.usual_result"))


def _begin(words: Words, item: RectificationItem, action: str) -> Button:
    return button(words, f"item.button_{action}", Press("item", action, item.id).pack())
