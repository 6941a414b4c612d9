"""How cases and their parts are named to the team, in few characters."""

from datetime import time
from html import escape

from models.clocks import shown_as
from models.complaints import Case, Particular
from models.urgency import Urgency
from services.cases.facts import CaseFacts
from services.cases.particulars import missing_of
from services.directory import CategoryRecord
from texts.catalogue import Html, Words
from texts.dates import day

_MARKS = {Urgency.CRISIS: "🆘 ", Urgency.DANGER: "🔴 "}


def number(case: Case) -> Html:
    """Return the case number, marked when it is urgent."""
    return Html(f"{_MARKS.get(case.urgency, '')}<b>{case.id}</b>")


def number_and_level(words: Words, case: Case) -> Html:
    """Return the case number and, in words, how urgent it is."""
    if case.urgency == Urgency.NORMAL:
        return number(case)
    return Html(f"{number(case)} · {words(f'crisis.level_{case.urgency}')}")


def state(words: Words, case: Case) -> Html:
    return words(f"team.state_{case.state}")


def category(words: Words, entry: CategoryRecord) -> Html:
    return Html(escape(entry.name_in(words.language), quote=False))


def particulars(words: Words, case: Case) -> Html | None:
    """Return how far a matter can be checked: how many particulars are told, and which are missing; None if unknown."""
    missing = missing_of(case)
    if missing is None:
        return None
    told, all_told = len(Particular) - len(missing), len(Particular)
    if not missing:
        return words("team.particulars_all", told=told, all=all_told)
    named = words("staff.list_comma").join(words(f"team.particular_{one}") for one in missing)
    return words("team.particulars", told=told, all=all_told, missing=Html(named))


def place(words: Words, facts: CaseFacts) -> Html:
    """Return the village with its unit, or what is known of them."""
    if facts.village and facts.unit:
        return words("team.place_village", village=facts.village, unit=facts.unit)
    if facts.village or facts.unit:
        return words("team.place_one", name=facts.village or facts.unit)
    return words("team.place_unknown")


def received(words: Words, facts: CaseFacts) -> Html:
    """Return the day a case came in: it stays true on a card that hangs for weeks."""
    return words("team.received", day=day(words, facts.received_on, facts.today))


def due(words: Words, facts: CaseFacts) -> Html | None:
    """Return by when somebody must do what about a case; None when nobody must.

    It names a day, so that it stays true where it stands for weeks.
    """
    case = facts.case
    if case.due_clock is None:
        return None
    return words(f"team.{'late' if facts.is_late else 'due'}_{shown_as(case.due_clock)}", by=_last_moment(words, facts))


def _last_moment(words: Words, facts: CaseFacts) -> str:
    """Return a day, and an hour unless the whole day is left."""
    if facts.due_at.time() == time():
        return day(words, facts.last_day, facts.today)
    return f"{day(words, facts.due_at.date(), facts.today)} {facts.due_at:%H:%M}"
