"""The papers of a unit as they are met: their card, and what the head, the office and its director do with them."""

from collections.abc import Sequence

from handlers.actions import (
    Action,
    Done,
    NothingDone,
    Result,
    Subject,
    action_button,
    back_to_card,
    button,
    immediately,
    open_card,
    register,
    too_late_or_not_entitled,
)
from handlers.context import HandlerContext
from handlers.forms import with_form
from handlers.items.paper_forms import (
    AREA,
    DECLINE_PLAN,
    GIVE_BACK,
    GRANT_EXTENSION,
    REFUSE_EXTENSION,
    why_not,
)
from handlers.items.paper_text import paper_text
from handlers.press import Press
from models.rectification import ItemPaper, RectificationItem
from models.states import NotEntitled, PaperState
from services.access.member import Member
from services.rectification.papers import (
    AskedTooLate,
    NotWanted,
    Paper,
    approve_plan,
    confirm,
    paper_read,
    possible,
    to_write,
)
from services.unit_of_work import UnitOfWork
from texts.catalogue import Words
from texts.message import Button, Message, Rows, in_rows


async def _confirm(context: HandlerContext, who: Member, press: Press) -> Result:
    """Confirm what the liaison has prepared; say why, where it is not taken any more."""
    try:
        paper = await confirm(context.work, who, press.subject)
    except (NotWanted, AskedTooLate) as refusal:
        kind = (await paper_read(context.work, who, press.subject)).row.kind
        return NothingDone(context.words(why_not(kind, refusal)))
    return Done(context.words(f"paper.done_{paper.kind}"))


# In the order of a card's buttons.
ACTIONS = (
    Action("confirm", _confirm, label="paper.button_confirm", transition="confirm"),
    Action("give_back", with_form(GIVE_BACK), label="paper.button_give_back", transition="give_back"),
    Action(
        "approve_plan",
        immediately(approve_plan, "paper.done_approve_plan"),
        label="paper.button_approve_plan",
        transition="approve_plan",
    ),
    Action("decline_plan", with_form(DECLINE_PLAN), label="paper.button_decline_plan", transition="decline_plan"),
    Action(
        "grant_extension",
        with_form(GRANT_EXTENSION),
        label="paper.button_grant_extension",
        transition="grant_extension",
    ),
    Action(
        "refuse_extension",
        with_form(REFUSE_EXTENSION),
        label="paper.button_refuse_extension",
        transition="refuse_extension",
    ),
    Action("open", open_card),
    Action("card", back_to_card),
)


async def paper_card(work: UnitOfWork, words: Words, who: Member, paper: Paper) -> Message:
    """Return a paper that is theirs to read, with what they can do with it now."""
    can = possible(who, paper)
    buttons = [action_button(words, AREA, action, paper.row.id) for action in ACTIONS if action.transition in can]
    if paper.row.state in (PaperState.GIVEN_BACK, PaperState.DECLINED):
        again = paper.row.kind in await to_write(work, who, paper.item)
        anew = Press("item", f"write_{paper.row.kind}", paper.item.id).pack()
        buttons += [button(words, "paper.button_anew", anew)] if again else []
    see = button(words, "paper.button_item", Press("item", "open", paper.item.id).pack())
    return Message(await paper_text(work, words, paper), (*in_rows(buttons, 2), (see,)))


def waiting_papers(words: Words, who: Member, item: RectificationItem, papers: Sequence[ItemPaper]) -> Rows:
    """Return the buttons that open those of the papers of an item with which somebody has something to do."""
    opened = [row for row in papers if possible(who, Paper(row, item))]
    buttons = [
        Button(words.plain(f"paper.button_open_{row.kind}"), Press(AREA, "open", row.id).pack()) for row in opened
    ]
    return in_rows(buttons, 2)


async def card(context: HandlerContext, who: Member, paper_id: str) -> Message | None:
    """Return the present card, if it is theirs to read."""
    try:
        return await paper_card(context.work, context.words, who, await paper_read(context.work, who, paper_id))
    except NotEntitled:
        return None


SUBJECT = register(
    Subject(
        AREA,
        ACTIONS,
        too_late_or_not_entitled("item.press_too_late", "item.press_not_entitled"),
        card,
        stranger_key="item.press_stranger",
        unknown_key="item.press_unknown",
    )
)
