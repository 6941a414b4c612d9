"""Addresses of the staff's pages: whatever only shows something has one, and is no press."""

import re
from urllib.parse import urlsplit

from handlers.notices import DESK
from handlers.press import unpack
from web.connections import LONGEST_LINE

HOME = DESK  # and all of them begin with it
_QUERY = r"[A-Za-z0-9%&=+._~!$'()*,:;@/?-]*"  # as the server writes it out again, whatever the browser had escaped
_OWN = re.compile(rf"{HOME}(?:/[A-Za-z0-9_-]+)*(?:\?{_QUERY})?")
_PAGES = {
    area: f"{HOME}/{area}"
    for area in (
        *("case", "item", "round", "publication", "objection", "cluster", "brief", "place", "evening", "poll"),
        *("printout", "paper", "transfer", "request", "revisit", "visit", "check", "pattern", "letter"),
        *("grade", "reportcard", "report", "summary-file", "slide-file", "items-file"),
        *("brief-file", "letter-file", "draw-file", "selfreport"),
        *("talk", "bulletin", "docket", "task", "account"),
        *("copy", "campaign", "handdown", "draft", "finding", "working-paper"),
    )
}
# What these buttons do in a chat, an address does on a page: they show the card of a record.
_SHOWING = {
    ("queue", "case"): "case",
    ("item", "open"): "item",
    ("round", "card"): "round",
    ("publication", "open"): "publication",
    ("objection", "open"): "objection",
    ("cluster", "open"): "cluster",
    ("brief", "open"): "brief",
    ("brief", "print"): "brief-file",
    ("place", "open"): "place",
    ("place", "card"): "place",
    ("evening", "open"): "evening",
    ("poll", "open"): "poll",
    ("poll", "print"): "poll",
    ("transfer", "open"): "transfer",
    ("request", "open"): "request",
    ("grade", "open"): "grade",
    ("grade", "card"): "grade",
    ("reportcard", "open"): "reportcard",
    ("report", "open"): "report",
    ("report", "summary"): "summary-file",
    ("report", "slide"): "slide-file",
    ("report", "items"): "items-file",
    ("revisit", "open"): "revisit",
    ("visit", "open"): "visit",
    ("check", "open"): "check",
    ("pattern", "open"): "pattern",
    ("letter", "open"): "letter",
    ("letter", "file"): "letter-file",
    ("revisit", "list"): "draw-file",
    ("selfreport", "open"): "selfreport",
    ("paper", "open"): "paper",
    ("talk", "open"): "talk",
    ("bulletin", "open"): "bulletin",
    ("docket", "open"): "docket",
    ("task", "open"): "task",
    ("account", "open"): "account",
    ("item", "printout"): "printout",
    ("copy", "open"): "copy",
    ("campaign", "open"): "campaign",
    ("handdown", "open"): "handdown",
    ("draft", "open"): "draft",
    ("draft", "card"): "draft",
    ("finding", "open"): "finding",
    ("finding", "card"): "finding",
    ("finding", "file"): "working-paper",
}
_OPENING = ("case", "open")
_PRINTING = ("case", "head_file")
HEAD_FILE = f"{HOME}/head-file"  # where a press goes that prints the file on the head of a unit


def address_of_record(area: str, record_id: str) -> str | None:
    """Return where the card of a record stands; None where its area has no such page."""
    return f"{_PAGES[area]}/{record_id}" if area in _PAGES else None


def address_of_button(data: str) -> str | None:
    """Return where a button leads that only shows something, or to where something is printed; None for any other."""
    press = unpack(data)
    area = _SHOWING.get((press.area, press.action)) if press else None
    address = address_of_record(area, press.subject) if press and area else None
    return f"{address}#print" if address and press and press.action == "print" else address


def form_address_of_button(data: str) -> str | None:
    """Return where a press goes whose result stands further down, or is a file; None for any other.

    Browsers keep the fragment.
    """
    press = unpack(data)
    pressed = (press.area, press.action) if press else None
    return f"{HOME}#opened" if pressed == _OPENING else HEAD_FILE if pressed == _PRINTING else None


def is_at_record(at: str, record: str) -> bool:
    """Whether an address is that of a record, whatever list stands beside it."""
    return urlsplit(at).path == record


def own_address(claimed: str) -> str:
    """Return the address that a form says it stands at, if it is one of these pages; otherwise the first of them."""
    return claimed if len(claimed) <= LONGEST_LINE and _OWN.fullmatch(claimed) else HOME
