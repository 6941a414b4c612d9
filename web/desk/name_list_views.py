"""The page on which a team brings the lists that it compares: what was read is shown first, and kept by a press.

The file is kept nowhere meanwhile: the preview holds it, and sends it once more.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from handlers.cases.name_lists import AREA, list_lines
from handlers.incoming import UnfitFile
from handlers.press import Press
from models.name_lists import NameListKind
from models.states import NotEntitled
from services.cases.name_list_file import (
    LONGEST_CELL,
    MOST_BYTES,
    MOST_ROWS,
    FileFault,
    NamesRead,
    UnreadableFile,
    decoded,
    read_names,
)
from services.cases.name_lists import (
    LONGEST_NAME,
    BroughtBefore,
    NothingToCompare,
    TooManyLists,
    keep_list,
    lists_of,
    require_on_team,
    teams_with_lists,
)
from services.directory import TeamRecord
from services.resources import Resources
from texts.catalogue import Html
from texts.message import Message
from web.desk.addresses import HOME
from web.desk.desk import PageContext
from web.desk.frame import Frame
from web.once import is_first, sent_id
from web.rendering import see_other

ADDRESS = f"{HOME}/names"
SHOWN_ROWS = 10  # of those that were read
SHOWN_FAULTS = 50
_REFUSALS: dict[type[Exception], str] = {
    BroughtBefore: "names_brought_before",
    TooManyLists: "names_too_many",
    NothingToCompare: "names_nothing",
}


@dataclass(frozen=True)
class Chosen:
    """What was chosen with a file: whose list it is, of what, and what it is called."""

    team: str
    kind: NameListKind
    name: str

    @classmethod
    def of(cls, fields: dict[str, str]) -> "Chosen":
        """Read what a form says. Raises HTTPBadRequest."""
        if fields.get("kind", "") not in set(NameListKind):
            raise web.HTTPBadRequest
        return cls(fields.get("team", ""), NameListKind(fields["kind"]), fields.get("name", "").strip()[:LONGEST_NAME])


@dataclass(frozen=True)
class NamesPreview:
    """What was read of a file, before it is kept. `text` is the file."""

    chosen: Chosen
    names: NamesRead
    text: str


@dataclass(frozen=True)
class TeamLists:
    """The lists of a team: each in a line, and what deletes it; `compare` compares them."""

    team: TeamRecord
    lists: Sequence[tuple[Html, str]]
    compare: str | None


class NameListViews:
    """Answers whoever is on a team that compares lists."""

    def __init__(self, resources: Resources, frame: Frame) -> None:
        self._frame = frame
        self._secret = resources.keyring.lane_secret

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the addresses with what answers them."""
        return [web.get(ADDRESS, self.show), web.post(ADDRESS, self.take)]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Show the lists, and ask for another."""
        return await self._page(request)

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Show what was read of a file, or keep what was shown."""
        async with self._frame.context(request) as context:  # before anything is read: nobody else sends so much
            await _require_team(context)
        form, fields, content = await self._frame.posted_file(request, most_text_bytes=2 * MOST_BYTES)
        chosen, keeps = Chosen.of(fields), "do" in fields
        try:
            if isinstance(content, UnfitFile):
                raise UnreadableFile(FileFault.TOO_LARGE)
            text = fields.get("rows", "") if keeps else decoded(content)
            names = await asyncio.to_thread(read_names, text)
        except UnreadableFile as error:
            return await self._page(request, fault=error.fault)
        if keeps:
            return await self._keep(request, form, NamesPreview(chosen, names, text))
        return await self._page(request, preview=NamesPreview(chosen, names, text))

    async def _keep(self, request: web.Request, form: str, shown: NamesPreview) -> web.StreamResponse:
        chosen = shown.chosen
        update_id = sent_id(self._secret, form, b"names", shown.text.encode())
        try:
            async with self._frame.transaction(request) as context:
                if not await is_first(context.work.session, update_id, context.work.now):
                    return see_other(ADDRESS)
                kept = await keep_list(context.work, context.who, chosen.team, chosen.kind, chosen.name, shown.names)
                said = context.words("desk.names_kept", count=kept.row_count)
        except NotEntitled:
            raise web.HTTPNotFound from None
        except tuple(_REFUSALS) as refusal:
            return await self._page(request, refusal=_REFUSALS[type(refusal)])
        return await self._frame.lead_to(request, ADDRESS, Message(said))

    async def _page(
        self,
        request: web.Request,
        *,
        preview: NamesPreview | None = None,
        fault: FileFault | None = None,
        refusal: str = "",
    ) -> web.StreamResponse:
        async def values(context: PageContext) -> dict[str, Any]:
            teams = await _require_team(context)
            if preview is not None:
                await _require_chosen(context, preview.chosen)
            return {
                "preview": preview,
                "shown_rows": SHOWN_ROWS,
                "shown_faults": SHOWN_FAULTS,
                "refusal": f"names_file_{fault}" if fault else refusal,
                "limits": {"rows": MOST_ROWS, "megabytes": MOST_BYTES // 2**20, "signs": LONGEST_CELL},
                "kinds": list(NameListKind),
                "longest_name": LONGEST_NAME,
                "teams": [await _lists(context, team) for team in teams],
            }

        return await self._frame.show(request, "desk/names.html", values, here="names")


async def _require_team(context: PageContext) -> Sequence[TeamRecord]:
    teams = teams_with_lists(await context.work.directory(), context.who)
    if not teams:
        raise web.HTTPNotFound
    return teams


async def _require_chosen(context: PageContext, chosen: Chosen) -> None:
    try:
        require_on_team(await context.work.directory(), context.who, chosen.team)
    except NotEntitled:
        raise web.HTTPNotFound from None


async def _lists(context: PageContext, team: TeamRecord) -> TeamLists:
    kept = await lists_of(context.work, team)
    said = await list_lines(context.work, context.words, kept)
    lines = [(line, Press(AREA, "delete", one.id).pack()) for line, one in zip(said, kept, strict=True)]
    return TeamLists(team, lines, Press(AREA, "compare", team.id).pack() if len(kept) > 1 else None)
