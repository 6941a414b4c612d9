"""The page on which cases are searched, and what was found. What is looked for stands in no address."""

import re
from collections.abc import Sequence
from typing import Any
from unicodedata import normalize

from aiohttp import web

from handlers.by_number import case_number_in
from handlers.cases.lists import case_line, state_names
from handlers.cases.searching import heading, remarks
from models.states import NotEntitled
from privacy.receipt_search import meant_as_code
from services.ahead import Results, with_results
from services.cases.search import NoTexts, found_page, require_searcher, search, search_further
from services.cases.search_words import LONGEST, TooShort
from texts.catalogue import Html
from texts.message import Message
from web.desk.addresses import HOME, address_of_record
from web.desk.desk import PageContext
from web.desk.frame import Frame
from web.desk.lists import CaseRow, CaseTable, words_to_narrow_by
from web.rendering import see_other

ADDRESS = f"{HOME}/find"
_CASE, _ITEM = re.compile(r"\d{8}"), re.compile(r"RI\d{2,6}")


class FindViews:
    """Answers whoever looks for cases."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the addresses with what answers them."""
        return [web.get(ADDRESS, self.find), web.post(ADDRESS, self.search)]

    async def find(self, request: web.Request) -> web.StreamResponse:
        """Lead to the case or item of a number, or show what was found last."""
        typed = "".join(normalize("NFKC", request.query.get("number", "")).upper().split()).replace("-", "")
        if _ITEM.fullmatch(typed):
            return see_other(f"{HOME}/item/{typed}")
        if _CASE.fullmatch(typed):
            return see_other(f"{HOME}/case/{typed}")
        if typed:
            return see_other(HOME)
        page = request.query.get("page", "1")
        number = int(page) if page.isdecimal() and len(page) < len("1000") else 1

        async def values(context: PageContext) -> dict[str, Any]:
            _require_searcher(context)
            return {
                "table": await _found(context, number),
                "known": await words_to_narrow_by(context),
                "longest": LONGEST,
            }

        return await self._frame.show(request, "desk/find.html", values, here="find")

    async def search(self, request: web.Request) -> web.StreamResponse:
        """Look for cases, or further back for the same, and lead to what was found."""
        _, fields = await self._frame.posted(request)
        typed = fields.get("words", "").strip()[:LONGEST]
        if (number := case_number_in(typed)) is not None:
            return see_other(f"{HOME}/case/{number}")

        async def attempt(results: Results) -> Html | None:
            async with self._frame.transaction(request, results) as context:
                _require_searcher(context)
                if meant_as_code(typed) is not None:  # a resident's, and kept nowhere
                    return context.words("staff.no_answer")
                try:
                    if "further" in fields:
                        await search_further(context.work, context.who, state_names())
                    elif typed:
                        await search(context.work, context.who, typed, state_names())
                except TooShort as short:
                    return context.words("team.search_too_short", word=short.word)
                except NoTexts:
                    return context.words("team.search_no_texts")
                return None

        said = await with_results(attempt)
        return see_other(ADDRESS) if said is None else await self._frame.lead_to(request, ADDRESS, Message(said))


def _require_searcher(context: PageContext) -> None:
    try:
        require_searcher(context.who)
    except NotEntitled:
        raise web.HTTPNotFound from None


async def _found(context: PageContext, number: int) -> dict[str, Any] | None:
    """Return the table of a page of what was found last, and whether there is more; None when nothing is kept."""
    page = await found_page(context.work, context.who, number)
    if page is None:
        return None
    lines = [await case_line(context.work, context.words, case) for case in page.cases]
    rows = [CaseRow(line, address_of_record("case", line.facts.case.id) or HOME) for line in lines]
    which = context.words("team.page_of", number=page.number, pages=page.pages) if page.pages > 1 else None
    following = f"{ADDRESS}?page={page.number + 1}" if page.number < page.pages else None
    first = ADDRESS if page.number > 1 else None
    title, typed = heading(context.words, page), page.search.typed
    return {
        "cases": CaseTable("find", title, rows, remarks(context.words, page), typed, following, first, which),
        "further": bool(page.search.after),
    }
