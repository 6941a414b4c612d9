"""What units, reviewers and the office do with a rectification item: the table, and what each row does."""

from handlers.actions import Action, immediately, unfold_card
from handlers.forms import with_form
from handlers.items import signing, warnings
from handlers.items.building import TELL_SYSTEM
from handlers.items.deciding import PASS_ITEM, RETURN_ITEM
from handlers.items.forms import ORDER_FIX, REPORT_PROGRESS
from handlers.items.handing_in import SUBMIT_ITEM
from handlers.items.interim import REPORT_INTERIM
from handlers.items.keeping import KEEP_LONG_TERM, REOPEN_ITEM, REPORT_LONG_TERM
from handlers.items.paper_forms import WRITE_EXTENSION, WRITE_MIDTERM, WRITE_PLAN
from handlers.items.supervising import SET_SUPERVISOR
from services.rectification.answering_units import acknowledge_along
from services.rectification.copies import confirm_read
from services.rectification.unit_actions import acknowledge

# In the order of a card's buttons. A row with a label has one there while its transition is possible for them.
ACTIONS = (
    Action(
        "acknowledge",
        immediately(acknowledge, "item.done_acknowledge"),
        label="item.button_acknowledge",
        transition="acknowledge",
    ),
    Action(
        "acknowledge_along",
        immediately(acknowledge_along, "item.done_acknowledge"),
        label="item.button_acknowledge_along",
    ),
    Action(
        "report_interim", with_form(REPORT_INTERIM), label="item.button_report_interim", transition="report_interim"
    ),
    Action("submit", with_form(SUBMIT_ITEM), label="item.button_submit", transition="submit"),
    Action(
        "report_progress", with_form(REPORT_PROGRESS), label="item.button_report_progress", transition="report_progress"
    ),
    # What is written about an item stands on the card while it is asked for; the liaison's is for the head to confirm.
    Action("write_submission", with_form(SUBMIT_ITEM), label="item.button_submit"),
    Action("write_plan", with_form(WRITE_PLAN), label="paper.button_plan"),
    Action("write_midterm", with_form(WRITE_MIDTERM), label="paper.button_midterm"),
    Action("write_extension", with_form(WRITE_EXTENSION), label="paper.button_extension"),
    Action("pass", with_form(PASS_ITEM), label="item.button_pass", transition="pass"),
    Action("return", with_form(RETURN_ITEM), label="item.button_return", transition="return"),
    Action(
        "countersign",
        signing.ask_to_sign,
        label="item.button_countersign",
        transition="countersign",
    ),
    Action("sign", signing.sign),
    Action("show_files", signing.show_files),
    Action("clear", signing.clear, label="item.button_clear", transition="clear"),
    Action(
        "keep_long_term", with_form(KEEP_LONG_TERM), label="item.button_keep_long_term", transition="keep_long_term"
    ),
    Action(
        "report_long_term",
        with_form(REPORT_LONG_TERM),
        label="item.button_report_long_term",
        transition="report_long_term",
    ),
    Action("open_again", with_form(REOPEN_ITEM), label="item.button_reopen"),
    Action("set_supervisor", with_form(SET_SUPERVISOR), label="item.button_set_supervisor", seldom=True),
    Action("tell_system", with_form(TELL_SYSTEM), label="item.button_tell_system"),
    Action(
        "call_department", None, label="request.action_call_department", begins="request.call_department", seldom=True
    ),
    Action("ask_siblings", None, label="revisit.action_ask_siblings", begins="check.ask_siblings", seldom=True),
    # One press puts it before the leading group; what else the office can do about it is a menu.
    Action("put_before_group", None, label="docket.action_put", begins="docket.put_item", seldom=True),
    Action("measures", None, label="talk.action_measures", begins="measure.menu", seldom=True),
    Action("self_report", None, transition="self_report"),
    Action("order_fix", with_form(ORDER_FIX), transition="issue"),
    Action("read_copy", immediately(confirm_read, "copy.done_read")),
    Action("give", warnings.ask_to_give),
    Action("confirm_card", warnings.give),
    Action("take_back_card", warnings.take_back),
    Action("decline", warnings.decline),
    Action("more", unfold_card),
)
BY_NAME = {action.name: action for action in ACTIONS}
