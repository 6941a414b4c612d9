"""How a paper of a unit reads: by itself, and in brief on the card of its item."""

from collections.abc import Sequence
from datetime import date
from html import escape

from handlers.items.labels import number, numbers_text, one_line, staff_name, unit_name
from models.deadlines import lacks_plan
from models.rectification import ItemPaper, RectificationItem
from models.states import PaperKind, PaperState
from services.rectification.papers import Paper
from services.rectification.unit_actions import Numbers
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day, day_in_full

_IN_BRIEF = 120  # characters of each field on the card of an item


async def paper_text(work: UnitOfWork, words: Words, paper: Paper) -> Html:
    """Return all of a paper: what it says, who wrote it, how it stands, and what was said of it."""
    row, item = paper.row, paper.item
    lines = [
        words(f"paper.title_{row.kind}", number=number(item), unit=await unit_name(work, item)),
        words("item.line_problem", text=one_line(item.problem, 200)),
        *said(words, row),
        words("paper.line_by", name=await staff_name(work, row.by_id) or ""),
        words("paper.line_state", state=words(f"paper.state_{row.state}")),
    ]
    if row.words:
        lines.append(Html(f"<blockquote>{escape(row.words, quote=False)}</blockquote>"))
    return Html("\n".join(lines))


def said(words: Words, paper: ItemPaper) -> list[Html]:
    """Return what a paper says, field by field."""
    content = paper.content
    match paper.kind:
        case PaperKind.PLAN | PaperKind.MIDTERM:
            fields = ("measures", "people") if paper.kind is PaperKind.PLAN else ("done", "hindered")
            lines = [words(f"paper.line_{name}", text=content[name]) for name in fields]
            until = day_in_full(words, date.fromisoformat(content["until"]))
            return [*lines, words(f"paper.line_until_{paper.kind}", day=until)]
        case PaperKind.EXTENSION:
            until = day_in_full(words, date.fromisoformat(content["until"]))
            asked = words("paper.line_until_extension", day=until, days=content["days"])
            return [asked, words("paper.line_why", text=content["why"])]
        case PaperKind.SUBMISSION:
            text = escape("\n".join(content["texts"]), quote=False)
            lines = [Html(f"<blockquote expandable>{text}</blockquote>")] if text else []
            lines += [words("paper.line_files", count=len(content["files"]))] if content["files"] else []
            return [*lines, *([numbers_text(words, Numbers(**content["numbers"]))] if content["numbers"] else [])]


def paper_lines(work: UnitOfWork, words: Words, item: RectificationItem, papers: Sequence[ItemPaper]) -> list[Html]:
    """Return what the card of an item says of its papers: the newest of each kind, and when a plan is due."""
    newest: dict[PaperKind, ItemPaper] = {row.kind: row for row in papers if row.kind is not PaperKind.SUBMISSION}
    lines = []
    if lacks_plan(item) and item.plan_due_on is not None:
        lines.append(words("paper.line_plan_due", day=day(words, item.plan_due_on, work.today)))
    for kind in PaperKind:
        row = newest.get(kind)
        if row is None or (kind is PaperKind.PLAN and row.state is PaperState.DECLINED and not lacks_plan(item)):
            continue
        lines.append(words(f"paper.brief_{kind}", state=words(f"paper.state_{row.state}"), **_in_brief(words, row)))
    return lines


def _in_brief(words: Words, row: ItemPaper) -> dict[str, str]:
    written = {name: str(value).rstrip("。.；; ") for name, value in row.content.items() if name != "until"}
    fields = {name: one_line(value, _IN_BRIEF) for name, value in written.items()}
    return fields | {"day": day_in_full(words, date.fromisoformat(row.content["until"]))}
