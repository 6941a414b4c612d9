"""What members and the office do with a case: the table, and what each row does."""

from handlers.actions import Action, Done, NothingDone, Replaced, Result, back, back_to_card, immediately, unfold_card
from handlers.cases import (
    dismissing,
    extending,
    fast_track,
    hints,
    levelling_up,
    merging,
    named_reports,
    refusing,
    sharing,
)
from handlers.cases.dismissing import DISMISS_CASE
from handlers.cases.extending import ASK_EXTENSION
from handlers.cases.forms import ANSWER_CASE, ASK_REPORTER, UNMASK_CASE
from handlers.cases.head_file import SUMMARISE_CASE, send_head_file
from handlers.cases.impact import SET_IMPACT
from handlers.cases.instructing import ESCALATE_CASE
from handlers.cases.labels import number
from handlers.cases.notes import NOTE_CASE
from handlers.cases.reading import open_case
from handlers.cases.refusing import REFUSE_CASE
from handlers.cases.sorting import SET_CATEGORY, SET_UNIT
from handlers.cases.splitting import SPLIT_CASE
from handlers.cases.tasks import PLAN_VISIT
from handlers.cases.thanking import TAKE_AS_THANKS
from handlers.context import HandlerContext
from handlers.forms import with_form
from handlers.press import Press
from services.access.member import Member
from services.cases import decide
from services.cases.assign import NobodyMaySee, case_to_hand, hand_to_team, teams_for
from services.cases.case_log import case_seen_by
from services.cases.claim import Workload, claim, give, give_back, may_be_given_to, take_over
from services.cases.crisis import respond
from services.cases.tasks import end_visit
from services.cases.transfers import take_back
from texts.message import Button, Message


async def _claim(context: HandlerContext, who: Member, press: Press) -> Result:
    await claim(context.work, who, press.subject)
    # The board's card is renewed by the service; in private this may be an older card, or none of ours.
    return Done(context.words("team.claimed"), renew=context.update.is_private)


async def _respond(context: HandlerContext, who: Member, press: Press) -> Result:
    await respond(context.work, who, press.subject)
    return Done(context.words("crisis.responded"))


async def _take_over(context: HandlerContext, who: Member, press: Press) -> Result:
    await take_over(context.work, who, press.subject)
    return Done(context.words("team.taken_over"), renew=context.update.is_private)


async def _choose_team(context: HandlerContext, who: Member, press: Press) -> Result:
    """Ask which team it is for."""
    case = await case_to_hand(context.work, who, press.subject)
    teams = await teams_for(context.work, case)
    rows = [(Button(team.name, Press("case", "hand_to_team", case.id, team.id).pack()),) for team in teams]
    text = context.words("team.which_team", number=number(case))
    return Replaced(Message(text, (*rows, (back(context.words, "case", "card", case.id),))))


async def _hand_to_team(context: HandlerContext, who: Member, press: Press) -> Result:
    try:
        team = await hand_to_team(context.work, who, press.subject, press.arg)
    except NobodyMaySee:
        return NothingDone(context.words("team.nobody_may_see"))
    return Done(context.words("team.done_hand", team=team.name))


async def _choose_owner(context: HandlerContext, who: Member, press: Press) -> Result:
    """Ask who is to work on it."""
    loads = await may_be_given_to(context.work, who, press.subject)
    case = await case_seen_by(context.work, who, press.subject)
    rows = [(_recipient(context, case.id, load),) for load in loads]
    text = context.words("team.give_to_whom" if rows else "team.give_to_nobody", number=number(case))
    return Replaced(Message(text, (*rows, (back(context.words, "case", "card", case.id),))))


def _recipient(context: HandlerContext, case_id: str, load: Workload) -> Button:
    """Return the button that gives a case to somebody, with what they have already beside their name."""
    label = context.words.plain("team.load", name=load.person.name, count=load.open_cases)
    return Button(label, Press("case", "give", case_id, load.person.id).pack())


async def _give(context: HandlerContext, who: Member, press: Press) -> Result:
    person = await give(context.work, who, press.subject, press.arg)
    return Done(context.words("team.done_give", name=person.name))


# In the order of a card's buttons. A row with a label has one there while `actions_open_to` names it.
ACTIONS = (
    Action("open", open_case, label="team.action_open", on_board=True),
    Action("note", with_form(NOTE_CASE), label="team.action_note"),
    Action("respond", _respond, label="crisis.action_respond"),
    Action("claim", _claim, label="team.action_claim", on_board=True),
    Action("take_over", _take_over, label="team.action_take_over"),
    Action("give", _give, label="team.action_give", begins="people", seldom=True),
    Action("give_back", immediately(give_back, "team.done_give_back"), label="team.action_give_back", seldom=True),
    Action(
        "hand_to_team",
        _hand_to_team,
        label="team.action_hand_to_team",
        begins="teams",
        transition="hand_to_team",
        seldom=True,
    ),
    Action("confirm_refusal", refusing.confirm, label="team.action_confirm_refusal"),
    Action("decline_refusal", refusing.decline, label="team.action_decline_refusal"),
    Action(
        "take_as_thanks",
        with_form(TAKE_AS_THANKS),
        label="team.action_take_as_thanks",
        transition="take_as_thanks",
        seldom=True,
    ),
    Action("accept", immediately(decide.accept, "team.done_accept"), label="team.action_accept", transition="accept"),
    Action("ask", with_form(ASK_REPORTER), label="team.action_ask", transition="ask"),
    Action("not_accept", with_form(REFUSE_CASE), label="team.action_not_accept", transition="not_accept"),
    Action("propose_refusal", with_form(REFUSE_CASE), label="team.action_propose_refusal"),
    Action("verify", immediately(decide.verify, "team.done_verify"), label="team.action_verify", transition="verify"),
    # A fix is ordered where rectification is at home.
    Action("order_fix", None, label="team.action_order_fix", begins="item.order_fix", transition="order_fix"),
    Action("list_as_item", None, label="team.action_list_as_item", begins="draft.of_case", seldom=True),
    # So is passing on at home where departments answer.
    Action("transfer", None, label="team.action_transfer", begins="transfer.transfer", transition="transfer"),
    Action(
        "take_back",
        immediately(take_back, "team.done_take_back"),
        label="team.action_take_back",
        transition="take_back",
    ),
    Action("request_data", None, label="request.action_request_data", begins="request.request_data", seldom=True),
    Action("call_to_case", None, label="request.action_call_department", begins="request.call_to_case", seldom=True),
    Action("answer", with_form(ANSWER_CASE), label="team.action_answer", transition="answer"),
    Action("close", immediately(decide.close, "team.done_close"), label="team.action_close", transition="close"),
    Action("reopen", immediately(decide.reopen, "team.done_reopen"), label="team.action_reopen", transition="reopen"),
    Action("extend", extending.extend_case, label="team.action_extend", begins="extension_reasons", seldom=True),
    Action("ask_extension", with_form(ASK_EXTENSION), label="team.action_ask_extension", seldom=True),
    Action("grant_extension", extending.grant, label="team.action_grant_extension"),
    Action("decline_extension", extending.decline, label="team.action_decline_extension"),
    Action("share", sharing.do, label="grant.action_share", begins="share_teams", seldom=True),
    Action("escalate", with_form(ESCALATE_CASE), label="instruction.action_escalate", seldom=True),
    # It is put before the whole leading group by one press, where its docket is at home.
    Action("put_before_group", None, label="docket.action_put", begins="docket.put_case", seldom=True),
    Action("account", None, label="docket.action_account", begins="account.case", seldom=True),
    Action("level_up", levelling_up.do, label="team.action_level_up", begins="teams_up", seldom=True),
    Action("fast_track", fast_track.do, label="team.action_fast_track", begins="look_at_fast_track", seldom=True),
    Action("mark_as_named", named_reports.do, label="team.action_mark_as_named", begins="look_at_named", seldom=True),
    Action("set_unit", with_form(SET_UNIT), label="team.action_set_unit", seldom=True),
    Action("set_category", with_form(SET_CATEGORY), label="team.action_set_category", seldom=True),
    Action("set_impact", with_form(SET_IMPACT), label="impact.action_set_impact", seldom=True),
    Action("plan_visit", with_form(PLAN_VISIT), label="task.action_plan_visit", seldom=True),
    Action("split", with_form(SPLIT_CASE), label="team.action_split", seldom=True),
    Action("compare_with", with_form(merging.COMPARE_WITH), label="team.action_compare_with", seldom=True),
    Action("take_apart", merging.do_take_apart, label="team.action_take_apart", transition="take_apart"),
    Action(
        "keep_as_hint",
        hints.keep,
        label="team.action_keep_as_hint",
        begins="look_at_hint",
        transition="keep_as_hint",
        seldom=True,
    ),
    Action("summarise", with_form(SUMMARISE_CASE), label="team.action_summarise", seldom=True),
    Action("head_file", send_head_file, label="team.action_head_file", seldom=True),
    Action("propose_dismissal", with_form(DISMISS_CASE), label="team.action_dismiss", seldom=True),
    Action("dismiss", dismissing.confirm, label="team.action_confirm_dismissal", transition="dismiss"),
    Action("decline_dismissal", dismissing.decline, label="team.action_decline_dismissal"),
    Action("undo_dismissal", dismissing.undo, label="team.action_undo_dismissal", transition="undo_dismissal"),
    # A card has a button for it where a visit is planned.
    Action("end_visit", immediately(end_visit, "task.visit_ended")),
    # And for this one where there is a case like it.
    Action("similar", merging.list_similar),
    Action("compare", merging.compare),
    Action("merge", merging.do_merge, transition="merge"),
    Action("teams", _choose_team),
    Action("teams_up", levelling_up.choose_team),
    Action("share_teams", sharing.choose_team),
    Action("look_at_hint", hints.look_at),
    Action("look_at_fast_track", fast_track.look_at),
    Action("look_at_named", named_reports.look_at),
    Action("extension_reasons", extending.ask_reason),
    Action("people", _choose_owner),
    Action("unmask", with_form(UNMASK_CASE)),
    Action("card", back_to_card),
    Action("more", unfold_card),
)
