"""The receipt of what somebody on the staff entered: shown once, as a code and a picture, to be handed over."""

import asyncio
from collections.abc import Sequence

from handlers.actions import Action, Done, Result, Subject, button, register
from handlers.context import HandlerContext
from handlers.notices import renders
from handlers.press import Press
from privacy.receipt import Receipt, Script
from services.access.member import Member
from services.delivery.reader import Reader
from services.fieldwork.notices import EntryReceipt
from services.outbox import DeleteMessage, OutgoingMessage
from services.unit_of_work import UnitOfWork
from texts.catalogue import Words
from texts.message import Message, Upload, UploadKind

AREA = "receipt"
SHOWN_HOURS = 1  # in a chat of whoever entered it


async def show_receipt(context: HandlerContext, receipt: Receipt) -> None:
    """Show a receipt where it was entered; in a chat it is taken away after an hour, or once it is handed over."""
    notice = EntryReceipt(receipt.pack(), context.words.language, context.links.to_come_back)
    await context.send(OutgoingMessage(notice, delete_after_hours=SHOWN_HOURS))


@renders(EntryReceipt)
async def entry_receipt(_work: UnitOfWork, reader: Reader, notice: EntryReceipt) -> Message | None:
    receipt = Receipt.unpack(notice.receipt)
    if receipt is None:
        return None
    words = Words(notice.language, reader.capabilities.lacking)
    code = receipt.text(Script(words.language))
    text = words("field.receipt", code=code, link=notice.link)
    title, hint = words.plain("resident.picture_title"), words.plain("field.receipt_picture_hint")
    picture = await asyncio.to_thread(_picture, receipt.words(Script(words.language)), title, hint, notice.link)
    handed = button(words, "field.button_handed_over", Press(AREA, "handed").pack())
    # On a page it may be printed, which nothing is that is protected; in a chat it must not be forwarded.
    protect = reader.capabilities.deletion and reader.capabilities.editing
    return Message(text, ((handed,),), protect=protect, upload=Upload(UploadKind.PHOTO, picture, "png", text))


def _picture(words: Sequence[str], title: str, hint: str, link: str) -> bytes:
    from qr.receipt_picture import receipt_png  # with what draws, for which little use is made

    return receipt_png(words, title, hint, link)


async def _handed_over(context: HandlerContext, _who: Member, _press: Press) -> Result:
    """Take the receipt away; on a page it goes with the next one."""
    if context.update.message_id is not None:
        await context.send(OutgoingMessage(DeleteMessage(context.update.message_id)))
    return Done(context.words("field.handed_over"), renew=False)


async def _refused(context: HandlerContext, _who: Member, _press: Press, _refusal: Exception) -> None:
    context.alert("field.press_too_late")


SUBJECT = register(Subject(AREA, (Action("handed", _handed_over),), _refused))
