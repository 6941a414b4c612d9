"""What members and the office do with a case: the table, and what each row does."""

from handlers.actions import Action, Done, NothingDone, Replaced, Result, back, button, immediately
from handlers.cases import refusing
from handlers.cases.forms import ANSWER_CASE, ASK_REPORTER, UNMASK_CASE
from handlers.cases.labels import number
from handlers.cases.reading import open_case
from handlers.context import HandlerContext
from handlers.forms import with_form
from handlers.press import Press
from services.access.member import Member
from services.cases import decide
from services.cases.assign import NobodyMaySee, hand_to_team, teams_for
from services.cases.case_log import case_seen_by
from services.cases.claim import claim, take_over
from services.cases.crisis import respond
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
    case = await case_seen_by(context.work, who, press.subject)
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


async def _ask_to_dismiss(context: HandlerContext, who: Member, press: Press) -> Result:
    """Ask once more before a case is put away."""
    case = await case_seen_by(context.work, who, press.subject)
    yes = button(context.words, "team.yes_dismiss", Press("case", "dismiss", case.id).pack())
    text = context.words("team.sure_dismiss", number=number(case))
    return Replaced(Message(text, ((yes, back(context.words, "case", "card", case.id)),)))


async def _card(_context: HandlerContext, _who: Member, _press: Press) -> Result:
    """Go back from a menu to the card."""
    return Done()


# In the order of a card's buttons. A row with a label has one there while `actions_open_to` names it.
ACTIONS = (
    Action("open", open_case, label="team.action_open", on_board=True),
    Action("respond", _respond, label="crisis.action_respond"),
    Action("claim", _claim, label="team.action_claim", on_board=True),
    Action("take_over", _take_over, label="team.action_take_over"),
    Action("hand_to_team", _hand_to_team, label="team.action_hand_to_team", begins="teams", transition="hand_to_team"),
    Action("confirm_refusal", refusing.confirm, label="team.action_confirm_refusal"),
    Action("decline_refusal", refusing.decline, label="team.action_decline_refusal"),
    Action("accept", immediately(decide.accept, "team.done_accept"), label="team.action_accept", transition="accept"),
    Action("ask", with_form(ASK_REPORTER), label="team.action_ask", transition="ask"),
    Action(
        "not_accept", refusing.refuse_case, label="team.action_not_accept", begins="reasons", transition="not_accept"
    ),
    Action("propose_refusal", refusing.refuse_case, label="team.action_propose_refusal", begins="reasons"),
    Action("verify", immediately(decide.verify, "team.done_verify"), label="team.action_verify", transition="verify"),
    # A fix is ordered where rectification is at home.
    Action("order_fix", None, label="team.action_order_fix", begins="item.order_fix", transition="order_fix"),
    Action("answer", with_form(ANSWER_CASE), label="team.action_answer", transition="answer"),
    Action("close", immediately(decide.close, "team.done_close"), label="team.action_close", transition="close"),
    Action("reopen", immediately(decide.reopen, "team.done_reopen"), label="team.action_reopen", transition="reopen"),
    Action(
        "dismiss",
        immediately(decide.dismiss, "team.done_dismiss"),
        label="team.action_dismiss",
        begins="sure",
        transition="dismiss",
    ),
    Action("teams", _choose_team),
    Action("reasons", refusing.ask_reason),
    Action("referrals", refusing.ask_referral),
    Action("refuse", refusing.refuse_case),
    Action("sure", _ask_to_dismiss),
    Action("unmask", with_form(UNMASK_CASE)),
    Action("card", _card),
)
