"""The card of a publication: where it stands, what is in it so far, and the actions that are theirs now."""

from handlers.actions import Action, action_button, button
from handlers.items.labels import one_line
from handlers.press import Press, short_digest
from handlers.shares import grade_name
from models.publication import Publication
from models.states import PUBLICATION, PublicationState
from services.access.member import Member
from services.publication.content import Prepared
from services.publication.publications import (
    APPROVALS,
    LOOKED_AT,
    actors_of,
    approved_by,
    may_prepare,
    prepared_of,
)
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.message import Button, Message, in_rows

AREA = "publication"
_OVER = frozenset({PublicationState.PUBLISHED, PublicationState.WITHDRAWN, PublicationState.DISCARDED})


async def publication_card(
    work: UnitOfWork, words: Words, who: Member, publication: Publication, actions: tuple[Action, ...]
) -> Message:
    """Return the card of a publication."""
    offered = [action for action in actions if action.label and is_offered(action, who, publication)]
    approved = await approved_by(work, publication)
    buttons = [
        _button(words, action, publication) for action in offered if action.name != "approve" or who.id not in approved
    ]
    rows = in_rows(buttons, 2)
    if publication.state in _OVER and may_prepare(who):
        rows += ((begin_button(words, publication.round_id, "publication.button_begin_again"),),)
    return Message(await _text(work, words, publication, approved), rows)


def is_offered(action: Action, who: Member, publication: Publication) -> bool:
    """Whether an action has a button on somebody's card of a publication."""
    if action.name == "look":
        return publication.state is not PublicationState.DISCARDED
    if action.transition is None:
        return publication.state is PublicationState.DRAFT and may_prepare(who)
    return action.transition in PUBLICATION.actions(publication.state, actors_of(who))


def begin_button(words: Words, round_id: str, label: str, **values: object) -> Button:
    """Return the button that begins another version for a round."""
    return Button(words.plain(label, **values), Press(AREA, "begin", round_digest(round_id)).pack())


def round_digest(round_id: str) -> str:
    """Return what names a round in a button: its id may be too long for one."""
    return short_digest(round_id, 16)


def _button(words: Words, action: Action, publication: Publication) -> Button:
    if action.name != "approve":
        return action_button(words, AREA, action, publication.id)
    looked_at = (publication.digest or "")[:LOOKED_AT]  # so that nobody approves of another content by an old card
    return button(words, action.label or "", Press(AREA, action.name, publication.id, looked_at).pack())


async def _text(work: UnitOfWork, words: Words, publication: Publication, approved: list[str]) -> Html:
    known = await work.directory()
    prepared = prepared_of(publication)
    lines = [
        words(
            "publication.title",
            round=known.rounds[publication.round_id].name,
            version=publication.version,
            state=words(f"publication.state_{publication.state}"),
        ),
        *_contents(words, prepared),
        *(
            words("publication.line_grade", unit=known.units[one.unit_id].name, grade=grade_name(words, one.grade))
            for one in prepared.grades
        ),
    ]
    if publication.state is PublicationState.AWAITING_APPROVAL:
        lines.append(words("publication.asked_by", name=known.names[publication.prepared_by_id]))
        names = words.plain("staff.list_comma").join(known.names[one] for one in approved)
        lines.append(
            words("publication.approvals", count=len(approved), most=APPROVALS, names=names)
            if approved
            else words("publication.no_approvals", most=APPROVALS)
        )
        lines.append(words("publication.look_first"))
    elif publication.state is PublicationState.DRAFT:
        lines.append(words("publication.draft_hint", most=APPROVALS))
    return Html("\n".join(lines))


def _contents(words: Words, prepared: Prepared) -> list[Html]:
    visited = prepared.villages_visited
    lines = [] if visited is None else [words("publication.line_villages", count=visited)]
    lines.append(words("publication.line_items", count=len(prepared.items)))
    for item in prepared.items:
        photos = len(item.before) + len(item.after)
        lines.append(words("publication.line_item", n=item.number, problem=one_line(item.problem, 24), photos=photos))
    return lines
