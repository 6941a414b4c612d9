"""The card of a case: what the board shows to all, and what a member works with in private."""

from dataclasses import replace

from handlers.actions import Action, action_button, action_rows, button
from handlers.cases.actions import ACTIONS
from handlers.cases.dismissing import dismissal_flag
from handlers.cases.duty_contacts import with_duty_contact
from handlers.cases.extending import time_flag
from handlers.cases.impact import impact_line
from handlers.cases.instructing import instruction_line
from handlers.cases.labels import category, due, number, particulars, place, received, state
from handlers.cases.merging import joined_with
from handlers.cases.refusing import refusal_reason
from handlers.cases.requested import requested_lines
from handlers.cases.tasks import visit_on_card
from handlers.notices import renders
from handlers.press import Press
from models.complaints import Case
from models.crisis import CrisisCalls
from models.delivery import SentMessage
from models.instruction import Instruction
from models.staff import Staff
from models.states import CaseState, TransferState
from models.urgency import Urgency
from services.access.member import Member
from services.access.visibility import board_of
from services.cases.actions import actions_open_to, is_anothers
from services.cases.cards import card_key
from services.cases.case_log import ROUTED_VERSION
from services.cases.decide import proposed_refusal
from services.cases.departments import transfer_on_card
from services.cases.facts import entered_by, facts_of
from services.cases.impact import impact_of
from services.cases.merge import complaints_joined, merged_into
from services.cases.notices import CaseCard
from services.cases.transfers import departments_that_sent_back
from services.delivery.reader import Reader
from services.intake.similar import similar_to
from services.rectification.requests import waiting_for_case
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Button, Message, in_rows

# What leaves a case as it is, or gives it to others.
_NO_STEP = {"open", "note", "level_up", "call_to_case", "put_before_group", "account"}
_BY_NAME = {action.name: action for action in ACTIONS}
_PASSED_ON = (CaseState.VERIFYING, CaseState.TRANSFERRED)  # or it may have been


@renders(CaseCard)
async def case_card(work: UnitOfWork, reader: Reader, notice: CaseCard) -> Message | None:
    case = await work.session.get(Case, notice.case_id)
    if case is None:
        return None
    card = None if notice.farewell else await _card_for(work, reader, case)
    if card is not None:
        return card
    standing = await work.session.get(SentMessage, card_key(case.id, reader.recipient))
    return handed_on_notice(reader.words) if standing else None


async def board_card(work: UnitOfWork, words: Words, case: Case, team_id: str) -> Message | None:
    """Return the card for a team's board; None when it must not hang there."""
    if await board_of(work, case) != team_id:
        return None
    names = ("claim", "open") if case.is_open and case.owner_id is None else ("open",)
    buttons = tuple(action_button(words, "case", _BY_NAME[name], case.id) for name in names)
    return Message(await _card_text(work, words, case), (buttons,))


async def private_card(work: UnitOfWork, words: Words, who: Member, case: Case) -> Message | None:
    """Return the card a member works with: every action that is theirs now; None when they may not know of the case."""
    if not who.knows_of(case):
        return None
    actions = offered(who, case)
    further: list[Button] = []
    text = await _card_text(work, words, case, private=who.sees(case))
    if (asks := await time_flag(work, words, who, case)) is not None:
        text = Html(f"{text}\n{asks}")
    # A case that has just come has nothing beside it yet: its first cards need not ask.
    may_have_others = case.is_open and (case.is_compared or case.version > ROUTED_VERSION)
    if may_have_others and (joined := await merged_into(work, case)):
        times = await complaints_joined(work, case)
        text = Html(f"{text}\n{words('team.flag_joined', cases=len(joined) + 1, times=times)}")
    if may_have_others and who.sees(case) and (visit := await visit_on_card(work, words, case)) is not None:
        text = Html(f"{text}\n{visit[0]}")
        if "plan_visit" in {action.name for action in actions}:
            further.append(visit[1])
    if case.is_named_report and case.is_open and who.sees(case) and who.reads(case):
        text = Html(f"{text}\n{words('team.flag_named')}")
    if may_have_others:
        waiting = await requested_lines(work, words, await waiting_for_case(work, who, case))
        text = Html("\n".join([text, *waiting]))
    compares = may_have_others and who.sees(case) and who.reads(case)  # not whoever is only shown it
    others = await similar_to(work, who, case) if compares else []
    if others:
        text = Html(f"{text}\n{words('team.flag_similar', count=len(others))}")
        further.append(button(words, "team.action_similar", Press("case", "similar", case.id).pack()))
    head = await joined_with(work, words, who, case) if case.state == CaseState.MERGED else None
    if head is not None:
        text = Html(f"{text}\n{head[0]}")
        further.append(head[1])
    if case.is_hint:
        text = Html(f"{text}\n{words('team.flag_hint')}")
    if not {action.name for action in actions} - _NO_STEP:
        text = Html(f"{text}\n\n{await _why_no_more(work, words, who, case)}")
    rows, fold = action_rows(words, "case", actions, case.id, in_rows(further, 2))
    return Message(text, rows, fold=fold)


async def _why_no_more(work: UnitOfWork, words: Words, who: Member, case: Case) -> Html:
    """Return why there is next to nothing to press on somebody's card."""
    if not who.sees(case):
        return words("grant.only_shown" if who.is_granted(case) else "team.only_told")
    if is_anothers(who, case):
        return words("team.only_read_claimed", name=(await work.session.get_one(Staff, case.owner_id)).name)
    if not case.is_open:
        return words("team.only_read_ended")
    key = f"team.only_read_{case.state}"
    return words(key if words.has(key) else "team.only_read")


def offered(who: Member, case: Case) -> list[Action]:
    """Return the actions that have a button on a member's card of a case, in its order."""
    names = set(actions_open_to(who, case))
    return [action for action in ACTIONS if action.label and action.name in names]


async def private_card_or_notice(work: UnitOfWork, words: Words, who: Member, case_id: str) -> Message:
    """Return the card a member works with, or what is left of one."""
    case = await work.session.get(Case, case_id)
    card = await private_card(work, words, who, case) if case else None
    return card or handed_on_notice(words)


def handed_on_notice(words: Words) -> Message:
    """Return what is left of a card for somebody whom the case concerns no more."""
    return Message(words("team.handed_on"))


async def _card_for(work: UnitOfWork, reader: Reader, case: Case) -> Message | None:
    if reader.recipient.team_id is not None:
        return await board_card(work, reader.words, case, reader.recipient.team_id)
    who = await reader.member(work)
    return None if who is None else await private_card(work, reader.words, who, case)


async def _card_text(work: UnitOfWork, words: Words, case: Case, *, private: bool = False) -> Html:
    facts = await facts_of(work, case)
    owner = words("team.owner", name=facts.owner) if facts.owner else words("team.owner_none")
    lines = [
        Html(f"{number(case)} · {state(words, case)}"),
        Html(f"📍 {place(words, facts)}"),
        Html("🏷 " + " + ".join(category(words, one) for one in (facts.category, *facts.further_categories))),
        Html(f"🕓 {received(words, facts)}" + (f" · {owner}" if case.is_open else "")),
    ]
    by_when = due(words, facts)
    lines += [by_when] if by_when else []
    lines += await _flags(work, words, case, private=private)
    return Html("\n".join(lines))


async def _flags(work: UnitOfWork, words: Words, case: Case, *, private: bool) -> list[Html]:
    flags = _marks(words, case, private=private)
    if private:
        flags += await _for_those_entitled(work, words, case)
    if (proposal := await _proposal(work, words, case, private=private)) is not None:
        flags.append(proposal)
    return flags


def _marks(words: Words, case: Case, *, private: bool) -> list[Html]:
    """Return what a case is marked with."""
    hazard = "crisis.flag" if case.urgency == Urgency.CRISIS else "team.flag_hazard"
    marks = {
        f"team.door_{case.door}": case.door is not None and not private,
        hazard: case.hazard and case.is_open,
        "team.flag_fast_track": case.is_fast_track and case.is_open,
        "team.flag_head": private and case.concerns_head,
        "team.flag_team": private and case.concerns_team,
        "team.flag_spam": case.suspected_spam and case.is_open,
        "team.flag_reopened": case.reopened and case.is_open,
        "team.flag_objected": case.objected and case.is_open,
    }
    return [words(key) for key, is_marked in marks.items() if is_marked]


async def _for_those_entitled(work: UnitOfWork, words: Words, case: Case) -> list[Html]:
    """Return what was done about a case, for the card of somebody who may know of it."""
    flags = []
    if case.door is not None:
        name = await entered_by(work, case)
        flags.append(Html(words(f"team.door_{case.door}") + (words("team.entered_by", name=name) if name else "")))
    if case.urgency == Urgency.CRISIS and (calls := await _calls(work, words, case)) is not None:
        flags.append(calls)
    if case.is_open:
        flags += await _while_open(work, words, case)
    if (dismissal := await dismissal_flag(work, words, case)) is not None:
        flags.append(dismissal)
    if case.state in _PASSED_ON:
        flags += await _departments(work, words, case)
    return flags


async def _calls(work: UnitOfWork, words: Words, case: Case) -> Html | None:
    """Return who was called of a crisis, and who answered when; None where nobody was called."""
    calls, staff = CrisisCalls.read(case.crisis), (await work.directory()).names
    if not calls.called:
        return None
    names = words.plain("staff.list_comma").join(
        words.plain("crisis.name_on_call", name=staff[one]) if one in calls.on_call else staff[one]
        for one in calls.called
    )
    if calls.answered_by is None or calls.answered_at is None:
        return words("crisis.called_so_far" if case.awaits_response else "crisis.called", names=names)
    at = calls.answered_at.astimezone(work.zone)
    by, on = staff[calls.answered_by], day(words, at.date(), work.today)
    return words("crisis.called_and_answered", names=names, by=by, day=on, hour=at.hour)


async def _while_open(work: UnitOfWork, words: Words, case: Case) -> list[Html]:
    """Return what the matter means for people, what is missing and what was instructed."""
    flags = []
    if text := impact_of(work, case):
        flags.append(impact_line(words, text))
    if (told := particulars(words, case)) is not None:
        flags.append(told)
    if (instruction := Instruction.read(case.instruction)) is not None:
        flags.append(instruction_line(words, await work.directory(), instruction, work.today))
    return flags


async def _proposal(work: UnitOfWork, words: Words, case: Case, *, private: bool) -> Html | None:
    """Return that a refusal is proposed, by whom and why; None when none is."""
    proposed = proposed_refusal(work.keyring, case)
    if proposed is None:
        return None
    refusal, by = proposed
    proposer = await work.session.get_one(Staff, by)
    # A board is read by several, and what is written by hand is for those who decide.
    given = refusal if private else replace(refusal, words="")
    reason, referral = refusal_reason(words, given), words(f"team.referral_{refusal.referral}")
    return words("team.flag_proposal", name=proposer.name, reason=reason, referral=referral)


async def _departments(work: UnitOfWork, words: Words, case: Case) -> list[Html]:
    """Return which department has a case, whom to ring until it has signed for it, and which have sent it back."""
    flags = []
    if (passed_on := await transfer_on_card(work, case)) is not None:
        department = (await work.directory()).departments[passed_on.department_id]
        flag = words(f"team.flag_transfer_{passed_on.state}", department=department.name)
        is_awaited = passed_on.state is TransferState.SENT
        flags.append(with_duty_contact(words, department, flag) if is_awaited else flag)
    if sent_back := await departments_that_sent_back(work, case):
        flags.append(words("team.flag_sent_back", departments=words("staff.list_comma").join(sent_back)))
    return flags
