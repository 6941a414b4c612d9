"""How it reads that a county file was imported."""

from handlers.notices import StaffReader, renders_for_staff
from services.rounds.notices import CountyImported, TeamJoined
from services.unit_of_work import UnitOfWork
from texts.message import Message


@renders_for_staff(CountyImported)
async def county_imported(work: UnitOfWork, reader: StaffReader, notice: CountyImported) -> Message | None:
    known = await work.directory()
    values = {"added": notice.added, "changed": notice.changed}
    return Message(reader.words("people.county_imported", name=known.names.get(notice.by, notice.by), **values))


@renders_for_staff(TeamJoined)
async def team_joined(work: UnitOfWork, reader: StaffReader, notice: TeamJoined) -> Message | None:
    known = await work.directory()
    team, joined = known.teams.get(notice.team_id), [known.names.get(one, one) for one in notice.people]
    if team is None:
        return None
    people, name = reader.words("staff.list_comma").join(joined), known.names.get(notice.by, notice.by)
    return Message(reader.words("people.team_joined", team=team.name, name=name, people=people))
