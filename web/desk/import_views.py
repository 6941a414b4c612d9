"""The page where the office director imports a county file: it shows what would be done, and does it by a press.

The file is kept nowhere meanwhile: the preview holds it, and sends it once more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from handlers.incoming import UnfitFile
from models.states import NotEntitled
from services.resources import Resources
from services.rounds.county_file import CountyFileError, Problem, read_county
from services.rounds.importing import ImportPreview, NotImported, import_previewed, preview, require_importer
from texts.message import Message
from texts.terminal import in_language
from web.desk.addresses import HOME
from web.desk.desk import PageContext
from web.desk.frame import Frame
from web.once import is_first, sent_id
from web.rendering import see_other

ADDRESS = f"{HOME}/import"
MOST_BYTES = 2 * 2**20  # of a county file; the largest counties have a fifth of that


@dataclass(frozen=True)
class Kind:
    """The records of one kind, each in a line of words."""

    name: str
    lines: Sequence[str]


@dataclass(frozen=True)
class Preview:
    """What an import would do, as a page shows it. `text` is the file."""

    found: ImportPreview
    added: Sequence[Kind]
    unchanged: Sequence[Kind]
    text: str

    @classmethod
    def of(cls, found: ImportPreview, text: str) -> "Preview":
        """Return the preview of an import of a file."""
        return cls(found, _by_kind(found.result.added), _by_kind(found.result.unchanged), text)


class _RolledBack(Exception):
    """Takes back what a preview did."""


class ImportViews:
    """Answers whoever imports a county file."""

    def __init__(self, resources: Resources, frame: Frame) -> None:
        self._frame = frame
        self._secret = resources.keyring.lane_secret

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the addresses with what answers them."""
        return [web.get(ADDRESS, self.choose), web.post(ADDRESS, self.take)]

    async def choose(self, request: web.Request) -> web.StreamResponse:
        """Ask for the file."""
        return await self._page(request)

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Show what a file would do, or do what was shown."""
        async with self._frame.context(request) as context:  # before anything is read: nobody else sends so much
            _require_importer(context)
        form, fields, content = await self._frame.posted_file(request, most_text_bytes=MOST_BYTES)
        if "do" in fields:
            return await self._import(request, form, fields)
        if isinstance(content, UnfitFile) or len(content) > MOST_BYTES:
            return await self._page(request, refusal="import_too_large")
        if not content:
            return await self._page(request, refusal="import_no_file")
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return await self._page(request, refusal="import_not_utf8")
        return await self._preview(request, text)

    async def _preview(self, request: web.Request, text: str, refusal: str = "") -> web.StreamResponse:
        """Do it, show what was done, and take it back."""
        found: Preview | None = None
        try:
            async with self._frame.transaction(request) as context:
                _require_importer(context)
                with in_language(context.who.language):
                    county = read_county(text)
                    found = Preview.of(await preview(context.work, context.who, county), text)
                raise _RolledBack
        except CountyFileError as error:
            return await self._page(request, problems=error.problems)
        except _RolledBack:
            return await self._page(request, preview=found, refusal=refusal)

    async def _import(self, request: web.Request, form: str, fields: dict[str, str]) -> web.StreamResponse:
        text, previewed = fields.get("county", ""), fields.get("previewed", "")
        update_id = sent_id(self._secret, form, b"import", text.encode())
        try:
            async with self._frame.transaction(request) as context:
                _require_importer(context)
                if not await is_first(context.work.session, update_id, context.work.now):
                    return see_other(ADDRESS)
                with in_language(context.who.language):
                    result = await import_previewed(context.work, context.who, read_county(text), previewed)
                said = context.words("desk.imported", added=len(result.added), changed=len(result.changed))
        except CountyFileError as error:  # not what was shown
            return await self._page(request, problems=error.problems)
        except NotImported:
            return await self._preview(request, text, "import_changed_since")
        return await self._frame.lead_to(request, ADDRESS, Message(said))

    async def _page(
        self,
        request: web.Request,
        *,
        preview: Preview | None = None,
        problems: Sequence[Problem] = (),
        refusal: str = "",
    ) -> web.StreamResponse:
        async def values(context: PageContext) -> dict[str, Any]:
            _require_importer(context)
            return {"preview": preview, "problems": problems, "refusal": refusal}

        return await self._frame.show(request, "desk/import.html", values, here="import")


def _require_importer(context: PageContext) -> None:
    try:
        require_importer(context.who)
    except NotEntitled:
        raise web.HTTPNotFound from None


def _by_kind(lines: Sequence[str]) -> list[Kind]:
    """Return lines by the kind of record, which is the first word of each, in the order in which they come."""
    kinds: dict[str, list[str]] = {}
    for line in lines:
        kinds.setdefault(line.split(" ", 1)[0], []).append(line)
    return [Kind(name, of_kind) for name, of_kind in kinds.items()]
