"""How it reads that a county file was imported."""

from handlers.notices import StaffReader, renders_for_staff
from services.rounds.notices import CountyImported
from services.unit_of_work import UnitOfWork
from texts.message import Message


@renders_for_staff(CountyImported)
async def county_imported(work: UnitOfWork, reader: StaffReader, notice: CountyImported) -> Message | None:
    known = await work.directory()
    values = {"added": notice.added, "changed": notice.changed}
    return Message(reader.words("people.county_imported", name=known.names.get(notice.by, notice.by), **values))
