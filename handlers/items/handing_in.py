"""A unit reports progress in one message, or collects texts and photos and hands them in together."""

from html import escape

from telegram import CallbackQuery
from telegram import Message as TelegramMessage

from handlers.cases.labels import button, plain
from handlers.context import TOO_LARGE, HandlerContext, Unfit
from handlers.items.card import item_card
from handlers.items.labels import cancel_button, number
from handlers.items.presses import on_item, renew
from handlers.items.text_answers import answered_in_words
from handlers.press import Press
from handlers.prompts import answers
from media.kinds import Kind
from models.rectification import RectificationItem
from models.states import Impossible, NotEntitled
from services.access.member import Member
from services.people.prompts import Prompt, close_prompt, open_prompt
from services.rectification.unit_actions import (
    MOST_PHOTOS,
    SUBMITTING,
    NothingHandedIn,
    keep_photo,
    may,
    report_progress,
    submit,
)
from texts.catalogue import Html
from texts.message import Message

LONGEST_PROGRESS = 1000
LONGEST_SUBMISSION = 2500  # all texts together: the reviewers get them in one message


@on_item("progress")
async def press_progress(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    item = await may(turn.work, who, press.subject, "report_progress")
    await open_prompt(turn.work, who.id, Prompt("item.progress", item.id, {}))
    turn.toast(query)
    await turn.say(
        Message(turn.words("item.progress_prompt", number=number(item)), ((cancel_button(turn.words, item.id),),))
    )


@answers("item.progress")
async def take_progress(turn: HandlerContext, who: Member, message: TelegramMessage, prompt: Prompt) -> None:
    async def report(text: str) -> RectificationItem:
        return await report_progress(turn.work, who, prompt.subject_id or "", text)

    item = await answered_in_words(turn, who, message, LONGEST_PROGRESS, report)
    if item is not None:
        await turn.say(Message(turn.words("item.done_progress", number=number(item))))


@on_item("submit")
async def press_submit(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    item = await may(turn.work, who, press.subject, "submit")
    await open_prompt(turn.work, who.id, Prompt(SUBMITTING, item.id, {"texts": [], "photos": []}))
    turn.toast(query)
    await turn.say(
        Message(turn.words("item.submit_prompt", number=number(item)), ((cancel_button(turn.words, item.id),),))
    )


@answers("item.submit")
async def take_submission(turn: HandlerContext, who: Member, message: TelegramMessage, prompt: Prompt) -> None:
    """Collect one more text or photo; what cannot be taken is answered, and the rest stays."""
    try:
        item = await may(turn.work, who, prompt.subject_id or "", "submit")
    except (Impossible, NotEntitled):
        await close_prompt(turn.work, who.id)
        await turn.say(Message(turn.words("item.press_too_late")))
        return
    refusal = await _collect(turn, item, message, prompt)
    if refusal is not None:
        await turn.say(Message(refusal))
        return
    await open_prompt(turn.work, who.id, prompt)
    await turn.say(_collected(turn, item, prompt))


async def _collect(
    turn: HandlerContext, item: RectificationItem, message: TelegramMessage, prompt: Prompt
) -> Html | None:
    """Put a message with the rest; return why not when it cannot be taken."""
    texts, photos = prompt.kept["texts"], prompt.kept["photos"]
    text, photo = (message.text or message.caption or "").strip(), turn.opened.attachment
    if isinstance(photo, Unfit):
        return turn.words("item.photo_too_large" if photo.reason == TOO_LARGE else "item.photo_cannot_clean")
    if photo is not None and photo.kind != Kind.PHOTO:
        return turn.words("item.only_text_and_photos")
    if not text and photo is None:
        return turn.words("item.only_text_and_photos")
    if sum(map(len, [*texts, text])) > LONGEST_SUBMISSION:
        return turn.words("item.submission_too_long", most=LONGEST_SUBMISSION)
    if photo is not None and len(photos) >= MOST_PHOTOS:
        return turn.words("item.too_many_photos", most=MOST_PHOTOS)
    if text:
        texts.append(text)
    if photo is not None:
        photos.append(await keep_photo(turn.work, item, photo))
    return None


def _collected(turn: HandlerContext, item: RectificationItem, prompt: Prompt) -> Message:
    texts, photos = prompt.kept["texts"], prompt.kept["photos"]
    lines = [turn.words("item.collected", number=number(item), photos=len(photos))]
    if texts:
        said = escape("\n".join(texts), quote=False)
        lines.append(Html(f"<blockquote expandable>{said}</blockquote>"))
    hand_in = button(turn.words, "item.button_hand_in", Press("item", "hand_in", item.id).pack())
    return Message(Html("\n".join(lines)), ((hand_in, cancel_button(turn.words, item.id)),))


@on_item("hand_in")
async def press_hand_in(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    prompt = turn.opened.prompt
    if prompt is None or prompt.form != SUBMITTING or prompt.subject_id != press.subject:
        turn.toast(query, plain(turn.words("item.press_too_late")), alert=True)
        await renew(turn, who, query, press.subject)
        return
    try:
        item = await submit(turn.work, who, press.subject, prompt.kept["texts"], prompt.kept["photos"])
    except NothingHandedIn:
        turn.toast(query, plain(turn.words("item.nothing_handed_in")), alert=True)
        return
    await close_prompt(turn.work, who.id)
    turn.toast(query, plain(turn.words("item.done_submit")))
    await turn.edit(query, await item_card(turn.work, turn.words, who, item))
