"""The pages of a poll: the code is typed or scanned, the questions are answered and sent once.

Nobody is given a cookie here, and nothing is asked of whoever has one. A code that was used is answered as one that
never was.
"""

from collections.abc import Mapping, Sequence

from aiohttp import web

from qr.link import POLL_PATH
from services.polls.codes import as_printed, read_code
from services.polls.counts import Answer
from services.polls.polls import AnswerIncomplete, NoSuchCode, answer_poll, poll_of_code
from services.polls.questions import QUESTIONS, Choice
from services.resources import Resources
from texts.catalogue import LANGUAGES, Words
from web.forms import Forms
from web.language import language_wanted
from web.once import is_first, sent_id
from web.posted import PostedForm
from web.rendering import page, see_other

_NOBODY = ""  # whose the forms are: they are made for no browser in particular


class PollViews:
    """Answers what is asked of polls by those who have a code."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._secret = resources.keyring.lane_secret
        self._forms = Forms(self._secret)

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the addresses with what answers them."""
        one = f"{POLL_PATH}/{{code}}"
        return [
            web.get(POLL_PATH, self.ask_for_code),
            web.post(POLL_PATH, self.take_code),
            web.get(one, self.questions),
            web.post(one, self.answer),
        ]

    async def ask_for_code(self, request: web.Request) -> web.StreamResponse:
        """Ask for the code that stands on a slip."""
        return _code_page(request)

    async def take_code(self, request: web.Request) -> web.StreamResponse:
        """Lead to the poll of a code that was typed."""
        typed = (await PostedForm(request).read()).get("code", "")
        code = read_code(typed)
        if code is None:
            return _code_page(request, typed, status=404)
        return see_other(f"{POLL_PATH}/{code}?l={language_wanted(request)}")

    async def questions(self, request: web.Request) -> web.StreamResponse:
        """Ask the questions of a poll."""
        return await self._questions_page(request, {})

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Take what somebody answers, once."""
        fields = await PostedForm(request).read()
        form, code = self._forms.name(_NOBODY, fields.get("form", "")), _code_of(request)
        if form is None:
            raise web.HTTPForbidden
        chosen = {name: Choice(value) for name, value in fields.items() if value in list(Choice)}
        answer = Answer(chosen)
        sent = sent_id(self._secret, form, b"poll", code.encode(), repr(sorted(chosen.items())).encode())
        try:
            async with self._resources.database.transaction() as session:
                work = self._resources.work(session)
                if await is_first(session, sent, work.now):
                    await answer_poll(work, code, answer)
        except NoSuchCode:
            return _code_page(request, code, status=404)
        except AnswerIncomplete:
            return await self._questions_page(request, chosen)
        return page(request, "poll_taken.html", Words(language_wanted(request)), {})

    async def _questions_page(self, request: web.Request, chosen: Mapping[str, Choice]) -> web.StreamResponse:
        """Ask the questions of a code; those that were answered keep their answers, and it is said that some lack."""
        code = _code_of(request)
        try:
            async with self._resources.database.reading() as session:
                asked = await poll_of_code(self._resources.work(session), code)
        except NoSuchCode:
            return _code_page(request, code, status=404)
        words = Words(language_wanted(request))
        values = {
            "asked": asked,
            "aspects": QUESTIONS[asked.questions],
            "choices": list(Choice),
            "chosen": chosen,
            "is_incomplete": request.method == "POST",
            "address": f"{POLL_PATH}/{code}?l={words.language}",
            "form": self._forms.new(_NOBODY),
            "languages": LANGUAGES,
        }
        return page(request, "poll.html", words, values)


def _code_of(request: web.Request) -> str:
    """Return the code in an address as it is looked up: one that is none is looked up like any other."""
    return read_code(request.match_info["code"]) or ""


def _code_page(request: web.Request, typed: str = "", *, status: int = 200) -> web.Response:
    words, code = Words(language_wanted(request)), read_code(typed)
    values = {
        "typed": as_printed(code) if code else typed,
        "is_refused": status != 200,
        "address": f"{POLL_PATH}?l={words.language}",
        "languages": LANGUAGES,
    }
    return page(request, "poll_code.html", words, values, status)
