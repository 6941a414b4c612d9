"""The list that a sample was drawn from, as a file: each unit and item with its lots, and how it is drawn again."""

import asyncio
from collections.abc import Iterator

from handlers.actions import Done, Result
from handlers.context import HandlerContext
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from handlers.revisits.labels import revisit_name
from services.access.member import Member
from services.directory import Directory
from services.outbox import OutgoingMessage, Priority
from services.revisits.draw_list import draw_list, note_draw_list_taken
from services.revisits.notices import DrawListFile
from services.revisits.revisits import DrawnAgain
from services.revisits.sampling import lowest_lot
from services.spreadsheet import Sheet, as_excel
from services.unit_of_work import UnitOfWork
from texts.catalogue import Words
from texts.message import Message, Upload, UploadKind

KEPT_HOURS = 24
_COLUMNS = ("unit", "unit_name", "item", "lots", "lowest", "drawn")


async def take_draw_list(context: HandlerContext, who: Member, press: Press) -> Result:
    """Bring the list to somebody's own chat; a page sends it to the browser by itself."""
    await note_draw_list_taken(context.work, who, press.subject)
    outgoing = OutgoingMessage(DrawListFile(press.subject), delete_after_hours=KEPT_HOURS)
    await context.work.outbox.to_staff(who.id, outgoing, priority=Priority.ANSWER)
    return Done(context.words("revisit.list_comes"), renew=False)


async def draw_list_for_excel(work: UnitOfWork, words: Words, who: Member, revisit_id: str) -> bytes:
    """Return the list of a sample for Excel, as somebody may take it along. Raises NotEntitled."""
    found, known = await draw_list(work, who, revisit_id), await work.directory()
    header = [words.plain(f"revisit.list_column_{one}") for one in _COLUMNS]
    revisit = found.revisit
    how = [
        (words.plain("revisit.list_seed"), revisit.seed or ""),
        (words.plain("revisit.list_unit_share"), revisit.unit_share or ""),
        (words.plain("revisit.list_item_share"), revisit.item_share or ""),
        *((words.plain("revisit.list_how"), words.plain(f"revisit.list_step_{step}")) for step in (1, 2, 3, 4)),
    ]
    sheets = [
        Sheet(words.plain("revisit.list_sheet"), header, list(_rows(found, known, words))),
        Sheet(words.plain("revisit.list_sheet_how"), ["", ""], how),
    ]
    return await asyncio.to_thread(as_excel, sheets, revisit.begun_on)


def _rows(found: DrawnAgain, known: Directory, words: Words) -> Iterator[tuple[object, ...]]:
    seed, ticked = found.revisit.seed or "", words.plain("revisit.list_is_drawn")
    for unit_id, unit in sorted(found.frame.units.items()):
        name, is_drawn = known.units[unit_id].name, unit_id in found.drawn.units
        yield (
            unit_id,
            name,
            "",
            unit.weight,
            f"{lowest_lot(seed, unit_id, unit.weight):064x}",
            ticked if is_drawn else "",
        )
        for item_id, weight in sorted(unit.items.items()):
            is_drawn = item_id in found.drawn.items
            lowest = f"{lowest_lot(seed, item_id, weight):064x}"
            yield unit_id, name, item_id, weight, lowest, ticked if is_drawn else ""


@renders_for_staff(DrawListFile)
async def draw_list_file(work: UnitOfWork, reader: StaffReader, notice: DrawListFile) -> Message | None:
    """Return the list as a file, as its reader may take it along now."""
    data = await draw_list_for_excel(work, reader.words, reader.who, notice.revisit_id)
    found = await draw_list(work, reader.who, notice.revisit_id)
    name = revisit_name(reader.words, await work.directory(), found.revisit)
    said = reader.words("revisit.list_file", name=name, hours=KEPT_HOURS)
    upload = Upload(UploadKind.DOCUMENT, data, "xlsx", otherwise=reader.words("revisit.list_not_here"))
    return Message(said, protect=True, upload=upload)
