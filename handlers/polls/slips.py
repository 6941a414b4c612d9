"""The slips of a poll as they are printed, in a chat and on a page."""

from collections.abc import Sequence

from models.polls import Poll
from qr.slip_words import Slip, SlipSheet
from services.polls.codes import as_printed
from services.unit_of_work import UnitOfWork
from texts.catalogue import SOURCE, Words


async def sheet_of(work: UnitOfWork, poll: Poll, codes: Sequence[str], address: str) -> SlipSheet:
    """Return the sheet of some codes of a poll; `address`: where a code is typed. It is in Chinese, as posters are."""
    words, unit = Words(SOURCE), (await work.directory()).units[poll.unit_id]
    return SlipSheet(
        title=words.plain("poll.slip_title"),
        unit=unit.name,
        how=words.plain("poll.slip_how", page=address.partition("://")[2]),
        once=words.plain("poll.slip_once"),
        slips=[Slip(as_printed(code), f"{address}/{code}") for code in codes],
    )


# What draws takes 50 MB of libraries: they are imported when something is printed.
def drawn_slips(sheet: SlipSheet) -> bytes:
    """Return the sheet as a PDF file. Raises MissingGlyph and TextTooLong."""
    from qr.slips import slips_pdf

    return slips_pdf(sheet)
