"""The county leader signs for the file of an item exactly as it was shown; the director clears what lacks nothing."""

from collections import Counter
from html import escape

from handlers.actions import Done, NothingDone, Replaced, Result, back, button
from handlers.context import HandlerContext
from handlers.items.labels import item_numbers, number, unit_name
from handlers.press import Press
from models.rectification import EvidenceKind, RectificationItem
from services.access.member import Member
from services.rectification.item_file import ItemFile
from services.rectification.notify import show_evidence_to
from services.rectification.review_item import CannotClear, FileChanged, clear_item, countersign, file_to_sign
from texts.catalogue import Html
from texts.message import Message

_FINGERPRINT = 12  # characters of a file's digest that stand in a list


async def ask_to_sign(context: HandlerContext, who: Member, press: Press) -> Result:
    """Show the file that is to be signed for, with a button that signs for exactly that."""
    item, file = await file_to_sign(context.work, who, press.subject)
    return Replaced(await _file_shown(context, item, file))


async def show_files(context: HandlerContext, who: Member, press: Press) -> Result:
    """Send the files of what is to be signed for, a message each."""
    item, file = await file_to_sign(context.work, who, press.subject)
    await show_evidence_to(context.work, who.id, [one.id for one in file.evidence])
    return Done(context.words("item.files_come", number=item.id), renew=False)


async def sign(context: HandlerContext, who: Member, press: Press) -> Result:
    """Sign for what was shown; if it is another by now, show that."""
    try:
        await countersign(context.work, who, press.subject, press.arg)
    except FileChanged:
        item, file = await file_to_sign(context.work, who, press.subject)
        return Replaced(await _file_shown(context, item, file), context.words("item.file_changed"))
    return Done(context.words("item.done_countersign"))


async def clear(context: HandlerContext, who: Member, press: Press) -> Result:
    """Clear an item, or say what it lacks."""
    try:
        await clear_item(context.work, who, press.subject)
    except CannotClear as refusal:
        lacking = [context.words(f"item.lacks_{one}") for one in refusal.missing]
        return NothingDone(Html("\n".join([context.words("item.cannot_clear"), *lacking])))
    return Done(context.words("item.done_clear"))


async def _file_shown(context: HandlerContext, item: RectificationItem, file: ItemFile) -> Message:
    words = context.words
    lines = [
        words("item.sign_title", number=number(item), unit=await unit_name(context.work, item)),
        words("item.line_problem", text=item.problem),
    ]
    if file.submission is not None and file.submission.note:
        lines.append(Html(f"<blockquote expandable>{escape(file.submission.note, quote=False)}</blockquote>"))
    lines += item_numbers(words, item)
    if item.system_built:
        lines.append(words("item.line_system", text=item.system_built))
    elif item.system_not_needed:
        lines.append(words("item.line_not_needed", text=item.system_not_needed))
    if item.public_result:
        lines.append(words("item.sign_result", text=item.public_result))
    counted: Counter[EvidenceKind] = Counter()
    for one in file.evidence:
        counted[one.kind] += 1
        kind = f"{words.plain(f'item.evidence_{one.kind}')} {counted[one.kind]}"
        lines.append(words("item.sign_file", kind=kind, fingerprint=(one.digest or "—")[:_FINGERPRINT]))
    lines.append(words("item.sign_whole", fingerprint=file.short_digest))
    yes = button(words, "item.button_sign", Press("item", "sign", item.id, file.short_digest).pack())
    files = button(words, "item.button_files", Press("item", "show_files", item.id).pack())
    rows = ((yes,), *(((files,),) if file.evidence else ()), (back(words, "item", "card", item.id),))
    return Message(Html("\n".join(lines)), rows, protect=True)
