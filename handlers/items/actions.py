"""What units, reviewers and the office do with a rectification item: the table, and what each row does."""

from handlers.actions import Action, Done, Replaced, Result, immediately
from handlers.context import HandlerContext
from handlers.forms import with_form
from handlers.items.forms import ORDER_FIX, PASS_ITEM, REPORT_PROGRESS, RETURN_ITEM, SUBMIT_ITEM
from handlers.press import Press
from models.rectification import WarningCard
from models.states import NotEntitled
from services.access.member import Member
from services.rectification.cards import decline_card, give_card
from services.rectification.review_item import clear_item, countersign
from services.rectification.unit_actions import acknowledge
from texts.message import Message


async def _give_card(context: HandlerContext, who: Member, press: Press) -> Result:
    """Give the card that is proposed."""
    await give_card(context.work, who, press.subject, _card(press))
    return Done(context.words("office.card_given"))


async def _decline_card(context: HandlerContext, who: Member, press: Press) -> Result:
    """Let the proposal of a card be."""
    await decline_card(context.work, who, press.subject, _card(press))
    note = Message(context.words("office.card_declined_note", number=press.subject))
    return Replaced(note, context.words("office.card_declined"))


def _card(press: Press) -> WarningCard:
    if press.arg not in list(WarningCard):
        raise NotEntitled
    return WarningCard(press.arg)


# In the order of a card's buttons. A row with a label has one there while its transition is possible for them.
ACTIONS = (
    Action(
        "acknowledge",
        immediately(acknowledge, "item.done_acknowledge"),
        label="item.button_acknowledge",
        transition="acknowledge",
    ),
    Action("submit", with_form(SUBMIT_ITEM), label="item.button_submit", transition="submit"),
    Action(
        "report_progress", with_form(REPORT_PROGRESS), label="item.button_report_progress", transition="report_progress"
    ),
    Action("pass", with_form(PASS_ITEM), label="item.button_pass", transition="pass"),
    Action("return", with_form(RETURN_ITEM), label="item.button_return", transition="return"),
    Action(
        "countersign",
        immediately(countersign, "item.done_countersign"),
        label="item.button_countersign",
        transition="countersign",
    ),
    Action("clear", immediately(clear_item, "item.done_clear"), label="item.button_clear", transition="clear"),
    Action("order_fix", with_form(ORDER_FIX), transition="issue"),
    Action("give", _give_card),
    Action("decline", _decline_card),
)
BY_NAME = {action.name: action for action in ACTIONS}
