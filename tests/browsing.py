"""A browser without JavaScript, or with as much as works out a proof.

It reads pages, fills in forms, presses their buttons and keeps their cookies.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from typing import Self
from urllib.parse import urljoin

from aiohttp import ClientSession, CookieJar, FormData

from tests.work import solution_of

_BLOCKS = frozenset(
    {"p", "div", "section", "h1", "h2", "li", "label", "button", "br", "form", "a", "code", "blockquote"}
)
_EMPTY = frozenset({"input", "meta", "link", "br", "img", "hr"})


@dataclass(frozen=True)
class PageButton:
    """A button of a form: what it is called, what it sends, and where, if that is not where its form leads."""

    label: str
    name: str
    value: str
    action: str = ""


@dataclass
class PageForm:
    """A form as a page has it: where it leads, what it sends by itself, and the names of its other fields."""

    action: str
    enctype: str
    fields: dict[str, str] = field(default_factory=dict)
    file_fields: list[str] = field(default_factory=list)
    buttons: list[PageButton] = field(default_factory=list)
    challenge: str = ""


class _Reader(HTMLParser):
    """Reads what a browser needs of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.links: list[tuple[str, str]] = []
        self.pictures: list[str] = []
        self.headings: list[str] = []
        self.title = ""
        self.text: list[str] = []
        self._inside: list[tuple[str, dict[str, str], int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag in _BLOCKS:
            self.text.append("\n")
        if tag == "form":
            self.forms.append(PageForm(known.get("action", ""), known.get("enctype", "")))
        if tag == "img":
            self.pictures.append(known["src"])
        if tag == "input" and "name" in known:
            self._input(known)
        if tag not in _EMPTY:
            self._inside.append((tag, known, len(self.text)))

    def _input(self, known: dict[str, str]) -> None:
        if "data-challenge" in known:
            self.forms[-1].challenge = known["data-challenge"]
        if known.get("type") == "file":
            self.forms[-1].file_fields.append(known["name"])
        elif known.get("type") != "checkbox" or "checked" in known:
            self.forms[-1].fields[known["name"]] = known.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        while self._inside:
            opened, known, start = self._inside.pop()
            if opened == tag:
                self._ended(tag, known, "".join(self.text[start:]))
                break
        if tag in _BLOCKS:
            self.text.append("\n")

    def _ended(self, tag: str, known: dict[str, str], within: str) -> None:
        said = within.strip()
        match tag:
            case "button" if self.forms:
                called = known.get("aria-label", said)
                sent = (known.get("name", ""), known.get("value", ""), known.get("formaction", ""))
                self.forms[-1].buttons.append(PageButton(called, *sent))
            case "textarea":
                self.forms[-1].fields[known["name"]] = within.removeprefix("\n")
            case "a":
                self.links.append((said, known.get("href", "")))
            case "h1":
                self.headings.append(said)
            case "title":
                self.title = said

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@dataclass
class Page:
    """An answer, read."""

    status: int
    url: str
    headers: dict[str, str]
    body: bytes

    def __post_init__(self) -> None:
        reader = _Reader()
        if self.headers.get("Content-Type", "").startswith("text/html"):
            reader.feed(self.body.decode())
        self.forms, self.links, self.title = reader.forms, reader.links, reader.title
        self.pictures, self.headings = reader.pictures, reader.headings
        self.text = re.sub(r"\s*\n\s*", "\n", "".join(reader.text)).strip()

    @property
    def form(self) -> PageForm:
        """The one form."""
        [found] = self.forms
        return found

    @property
    def code(self) -> str:
        """The receipt code."""
        found = re.search(r"<code>(.*?)</code>", self.body.decode())
        assert found is not None, self.text
        return html.unescape(found[1])

    def button(self, wanted: str) -> PageButton:
        """Return the first button that is called so, has this name, or presses what begins so."""
        return self.pressed(wanted)[1]

    def pressed(self, wanted: str) -> tuple[PageForm, PageButton]:
        """Return that button with the form it belongs to."""
        for form in self.forms:
            for button in form.buttons:
                if wanted in (button.label, button.name) or button.value.startswith(wanted):
                    return form, button
        raise AssertionError(f"no button {wanted} among {[form.buttons for form in self.forms]} of\n{self.text}")

    def has_button(self, wanted: str) -> bool:
        """Whether there is such a button."""
        return any(
            wanted in (one.label, one.name) or one.value.startswith(wanted)
            for form in self.forms
            for one in form.buttons
        )

    def link(self, label: str) -> str:
        """Return where a link leads."""
        return next(address for said, address in self.links if said == label)


class Browser:
    """Somebody with a browser of their own. `base_url`: of the pages, without a slash at its end.

    `works`: whether it works out what a form asks for. `is_old`: it does not say from which site something is sent.
    """

    def __init__(self, base_url: str, language: str = "zh-CN", *, works: bool = False, is_old: bool = False) -> None:
        self.works = works
        self.is_old = is_old
        self.base_url = base_url
        self.language = language
        self.page = Page(0, base_url, {}, b"")

    async def __aenter__(self) -> Self:
        self.session = ClientSession(cookie_jar=CookieJar(unsafe=True), headers={"Accept-Language": self.language})
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.session.close()

    async def open(self, address: str) -> Page:
        """Go to an address."""
        headers = {} if self.is_old else {"Sec-Fetch-Site": "none"}
        async with self.session.get(urljoin(self.base_url + "/", address), headers=headers) as answer:
            self.page = Page(answer.status, str(answer.url), dict(answer.headers), await answer.read())
        return self.page

    async def send(
        self, press: str = "", *, files: Sequence[bytes] = (), page: Page | None = None, **fields: str
    ) -> Page:
        """Fill in the form of a page and press a button of it: by what it is called, or by what it does."""
        on = page or self.page
        form, button = on.pressed(press) if press else (on.form, on.form.buttons[0])
        filled = form.fields | fields
        if form.challenge and self.works:
            filled["proof"] = solution_of(form.challenge)
        url = urljoin(on.url, button.action or form.action)
        # Pages that send no referrer send no origin either.
        headers = {"Origin": "null"} | ({} if self.is_old else {"Sec-Fetch-Site": "same-origin"})
        is_multipart = form.enctype == "multipart/form-data"
        pressed = {button.name: button.value} if button.name else {}
        body = _multipart(form, filled, files, button) if is_multipart else filled | pressed
        async with self.session.post(url, data=body, headers=headers) as answer:
            self.page = Page(answer.status, str(answer.url), dict(answer.headers), await answer.read())
        return self.page


def _multipart(form: PageForm, filled: dict[str, str], files: Sequence[bytes], button: PageButton) -> FormData:
    """Return what a browser sends of a form: its fields, then its files, then the button that was pressed."""
    body = FormData()
    for name, value in filled.items():
        body.add_field(name, value, content_type="text/plain")
    if form.file_fields:
        for content in files or (b"",):
            name = "IMG_0042.jpg" if content else ""
            body.add_field(form.file_fields[0], BytesIO(content), filename=name, content_type="image/jpeg")
    if button.name:
        body.add_field(button.name, button.value, content_type="text/plain")
    return body
