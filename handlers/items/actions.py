"""What units, reviewers and the office do with a rectification item: the table, and what each row does."""

from handlers.actions import Action, Done, NothingDone, Result, button, immediately
from handlers.context import HandlerContext
from handlers.forms import begin, with_form
from handlers.items import warnings
from handlers.items.forms import ORDER_FIX, PASS_ITEM, REPORT_PROGRESS, RETURN_ITEM, SUBMIT_ITEM
from handlers.items.labels import number
from handlers.press import Press
from services.access.member import Member
from services.rectification.review_item import ReturnReason, clear_item, countersign, return_item
from services.rectification.unit_actions import acknowledge, may
from texts.message import Message


async def _ask_reason(context: HandlerContext, who: Member, press: Press) -> Result:
    """Ask why a submission goes back."""
    item = await may(context.work, who, press.subject, "return")
    rows = [
        (button(context.words, f"item.reason_{reason}", Press("item", "because", item.id, reason).pack()),)
        for reason in ReturnReason
    ]
    cancel = button(context.words, "common.cancel", Press("form", "cancel", RETURN_ITEM.name, item.id).pack())
    await context.say(Message(context.words("item.return_prompt", number=number(item)), (*rows, (cancel,))))
    return Done(renew=False)


async def _return(context: HandlerContext, who: Member, press: Press) -> Result:
    """Give a submission back for a reason; one that is said in words is asked for."""
    if press.arg not in list(ReturnReason):
        return NothingDone(context.words("item.press_unknown"))
    reason = ReturnReason(press.arg)
    if reason is ReturnReason.OTHER:
        return await begin(context, who, RETURN_ITEM, press.subject)
    await return_item(context.work, who, press.subject, reason)
    return Done(context.words("item.done_return"))


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
    Action("return", _ask_reason, label="item.button_return", transition="return"),
    Action(
        "countersign",
        immediately(countersign, "item.done_countersign"),
        label="item.button_countersign",
        transition="countersign",
    ),
    Action("clear", immediately(clear_item, "item.done_clear"), label="item.button_clear", transition="clear"),
    Action("order_fix", with_form(ORDER_FIX), transition="issue"),
    Action("because", _return),
    Action("give", warnings.ask_to_give),
    Action("confirm_card", warnings.give),
    Action("take_back_card", warnings.take_back),
    Action("decline", warnings.decline),
)
BY_NAME = {action.name: action for action in ACTIONS}
