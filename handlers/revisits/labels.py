"""How re-visits, visits and what was found are named, in few characters."""

from datetime import date
from html import escape

from handlers.items.labels import one_line
from models.revisits import Revisit, RevisitItem, RevisitVisit
from models.states import VisitState
from services.directory import Directory
from texts.catalogue import Html, Words
from texts.dates import day

REVISITS, VISITS, CHECKS = "revisit", "visit", "check"  # the areas of their buttons


def revisit_name(words: Words, known: Directory, revisit: Revisit) -> Html:
    """Return what is looked at again, of which round, and for whom."""
    return words(
        f"revisit.name_{revisit.kind}",
        round=known.rounds[revisit.round_id].name,
        evaluator=words.plain(f"revisit.evaluator_{revisit.evaluator}"),
    )


def visit_state(words: Words, visit: RevisitVisit, today: date) -> Html:
    """Return how the visit to a unit stands."""
    if visit.state is VisitState.PLANNED and visit.planned_on is not None:
        kind = "unannounced" if visit.is_unannounced else "announced"
        return words(f"revisit.visit_planned_{kind}", day=day(words, visit.planned_on, today))
    if visit.state is VisitState.RECORDED and visit.recorded_on is not None:
        return words("revisit.visit_recorded", day=day(words, visit.recorded_on, today))
    return words("revisit.visit_not_planned")


def item_line(words: Words, drawn: RevisitItem) -> Html:
    """Return an item that is looked at again, and what was found."""
    verdict = words.plain(f"revisit.verdict_{drawn.verdict}") if drawn.verdict else words.plain("revisit.not_judged")
    held = words.plain("revisit.not_recorded") if drawn.verdict and drawn.recorded_on is None else ""
    said = f"：{escape(one_line(drawn.words, 60), quote=False)}" if drawn.words else ""
    return Html(f"<b>{escape(drawn.item_id)}</b> {verdict}{held}{said}")
