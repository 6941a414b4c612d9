"""What a member may do with a case as it stands."""

from models.clocks import Clock
from models.complaints import Case
from models.desk import OFFICE_DESK, DeskKind
from models.instruction import Instruction
from models.staff import Role
from models.states import CASE, OFFICE_ACTORS, Actor, CaseState
from services.access.grants import covering
from services.access.member import Member

# As long as nothing was ordered or answered for a unit, it may turn out to be another's.
SORTABLE = frozenset(
    {
        CaseState.PENDING_ASSIGN,
        CaseState.ASSIGNED,
        CaseState.RESTRICTED,
        CaseState.NEED_INFO,
        CaseState.ACCEPTED,
        CaseState.VERIFYING,
        CaseState.REOPENED,
    }
)
# As long as nothing was answered, others can be joined with a case.
JOINABLE = frozenset(
    {
        CaseState.ASSIGNED,
        CaseState.RESTRICTED,
        CaseState.NEED_INFO,
        CaseState.ACCEPTED,
        CaseState.VERIFYING,
        CaseState.FIXING,
        CaseState.TRANSFERRED,
        CaseState.REOPENED,
    }
)
# Closed ones too: they are by themselves soon after the answer, and items are made of them when the round is fed back.
_FOUND_TRUE = frozenset(
    {CaseState.VERIFYING, CaseState.FIXING, CaseState.TRANSFERRED, CaseState.ANSWERED, CaseState.CLOSED}
)
# The clock that gets longer, and those that may end before it.
_EXTENDED = (Clock.HANDLING, Clock.SIGNING, Clock.CHECK, Clock.RESULT)
_IN_NO_FILE = frozenset({CaseState.WITHDRAWN, CaseState.INVALID, CaseState.MERGED})  # on a head


def actions_open_to(who: Member, case: Case) -> list[str]:
    """Return the actions a member may do now: those of the state machine, and those that leave the state as it is."""
    actors = acting_as(who, case)
    found = ["open"] if who.reads(case) else []
    found += ["note"] if may_note(who, case) else []
    if case.is_open and case.awaits_response and may_own(who, case):
        found.append("respond")
    elif case.is_open and case.owner_id is None and may_own(who, case):
        found.append("claim")
    if case.is_open and leads(who, case) and case.owner_id not in (None, who.id):
        found.append("take_over")
    found += ["give"] if may_give(who, case) else []
    found += ["give_back"] if may_give_back(who, case) else []
    found += ["extend"] if may_extend(who, case) and case.asked_for_time is None else []
    found += ["ask_extension"] if may_ask_for_time(who, case) else []
    found += ["grant_extension", "decline_extension"] if may_decide_on_time(who, case) else []
    found += ["share"] if may_share(who, case) else []
    found += ["escalate"] if may_escalate(who, case) else []
    found += ["put_before_group"] if may_put_before_group(who, case) else []
    found += ["account"] if may_account(who, case) else []
    found += ["request_data"] if case.is_open and Actor.TEAM_MEMBER in actors else []
    found += ["call_to_case"] if may_call_to(who, case) else []
    found += ["set_impact", "plan_visit"] if case.is_open and Actor.TEAM_MEMBER in actors else []
    found += ["level_up"] if may_level_up(who, case) else []
    found += ["fast_track"] if may_put_on_fast_track(who, case) else []
    found += ["mark_as_named"] if may_mark_as_named(who, case) else []
    if refusal_waits(case) and Actor.TEAM_LEADER in actors:
        found += ["confirm_refusal", "decline_refusal"]
    conditional = {"dismiss", "undo_dismissal"}
    conditional |= set() if case.is_thanks else {"take_as_thanks"}
    conditional |= {"keep_as_hint"} if case.is_thanks or case.hazard else set()
    found += [action for action in CASE.actions(case.state, actors) if action not in conditional]
    found += _dismissal_actions(who, case)
    found += ["propose_refusal"] if may_propose_refusal(case, actors) else []
    found += ["set_unit", "set_category"] if may_sort(who, case) else []
    found += ["list_as_item"] if may_list_as_item(who, case) else []
    found += ["split"] if may_split(who, case) else []
    found += ["compare_with"] if may_compare(who, case) else []
    found += ["summarise", "head_file"] if may_compile_on_head(who, case) else []
    return found


def acting_as(who: Member, case: Case) -> frozenset[Actor]:
    """Return what somebody may act as at a case: one that is claimed is its owner's to work on, and its leader's."""
    actors = who.actors_at(case)
    if is_anothers(who, case):
        return actors - {Actor.OFFICE_STAFF} if leads(who, case) else actors - {Actor.TEAM_MEMBER, Actor.OFFICE_STAFF}
    return actors


def is_anothers(who: Member, case: Case) -> bool:
    """Whether somebody else has claimed a case that is still open."""
    return case.is_open and case.owner_id not in (None, who.id)


def leads(who: Member, case: Case) -> bool:
    """Whether somebody leads where a case lies: its team's leader, at the office its director."""
    actors = who.actors_at(case)
    return Actor.TEAM_LEADER in actors or (case.desk == OFFICE_DESK and Actor.OFFICE_DIRECTOR in actors)


def may_put_before_group(who: Member, case: Case) -> bool:
    """Whether somebody may put a case before the leading group; what lies before one pair of eyes stays there."""
    return case.is_open and not case.desk.is_for_one and (leads(who, case) or directs(who, case))


def may_account(who: Member, case: Case) -> bool:
    """Whether somebody may enter who was dealt with because of a case, which is often after it is closed."""
    return (case.is_open or case.state == CaseState.CLOSED) and (leads(who, case) or directs(who, case))


def directs(who: Member, case: Case) -> bool:
    """Whether somebody directs the office and may know of a case that does not lie before one pair of eyes."""
    return who.has(Role.OFFICE_DIRECTOR) and who.knows_of(case) and not case.desk.is_for_one


def may_extend(who: Member, case: Case) -> bool:
    """Whether somebody may give a case more time until it is answered, once."""
    return _can_be_extended(case) and gives_time(who, case)


def gives_time(who: Member, case: Case) -> bool:
    """Whether a case gets more time from somebody: who leads where it lies.

    Nobody gives it to themselves, except where a case lies before them alone.
    """
    return leads(who, case) and (case.owner_id != who.id or case.desk.is_for_one)


def may_ask_for_time(who: Member, case: Case) -> bool:
    """Whether somebody may ask for more time: the owner, where others could decide, and once at a time."""
    return _can_be_extended(case) and _owns(who, case) and not case.desk.is_for_one and case.asked_for_time is None


def may_decide_on_time(who: Member, case: Case) -> bool:
    """Whether somebody may give a case the time that its owner asks for: not the owner, unless nobody else could."""
    asked = case.asked_for_time
    if asked is None or not _can_be_extended(case) or (who.id == asked.by) is not asked.alone:
        return False
    return directs(who, case) if asked.decider is Actor.OFFICE_DIRECTOR else leads(who, case)


def _can_be_extended(case: Case) -> bool:
    return case.is_open and case.due_clock in _EXTENDED and not case.is_extended


def may_call_to(who: Member, case: Case) -> bool:
    """Whether somebody may call a department to an open case: a township's office, to one that it is shown."""
    shown_as = {one.role for one in covering(who, case)} if who.is_granted(case) else set()
    return case.is_open and Role.TOWNSHIP_OFFICE in shown_as


def may_level_up(who: Member, case: Case) -> bool:
    """Whether somebody may lay a case before another team: the director who knows of it, while a team has it."""
    is_with_team = case.desk.kind in (DeskKind.TEAM, DeskKind.LEADER)
    return case.is_open and is_with_team and who.has(Role.OFFICE_DIRECTOR) and who.knows_of(case)


def may_put_on_fast_track(who: Member, case: Case) -> bool:
    """Whether somebody may put a case on the fast track: who leads where it lies, as long as a clock runs."""
    return case.is_open and case.due_clock is not None and not case.is_fast_track and leads(who, case)


def may_mark_as_named(who: Member, case: Case) -> bool:
    """Whether somebody may note that a reporter has told them who they are: its owner, and who leads where it lies.

    As long as a clock runs; once.
    """
    may = case.is_open and case.due_clock is not None and not case.is_named_report
    return may and (leads(who, case) or _owns(who, case))


def may_list_as_item(who: Member, case: Case) -> bool:
    """Whether somebody may make a rectification item of a case: who leads where it lies, once it is found true."""
    return is_found_true(case) and case.unit_id is not None and Actor.TEAM_LEADER in who.actors_at(case)


def is_found_true(case: Case) -> bool:
    """Whether what a case says was looked into and found so; thanks and hints are closed without that."""
    return case.state in _FOUND_TRUE and not case.is_thanks and not case.is_hint


def may_escalate(who: Member, case: Case) -> bool:
    """Whether somebody may put a case before the head of the leading group: who leads where it lies, once at a time.

    What lies before one pair of eyes stays there.
    """
    instruction = Instruction.read(case.instruction)
    waits = instruction is not None and instruction.waits
    return case.is_open and not waits and not case.desk.is_for_one and leads(who, case)


def may_share(who: Member, case: Case) -> bool:
    """Whether somebody may let another team be shown a case: who leads the team on whose desk it lies."""
    return case.is_open and case.desk.kind is DeskKind.TEAM and leads(who, case)


def may_own(who: Member, case: Case) -> bool:
    """Whether a case may be somebody's to work on."""
    actors = who.actors_at(case)
    return Actor.TEAM_MEMBER in actors or (case.desk == OFFICE_DESK and not actors.isdisjoint(OFFICE_ACTORS))


def may_give(who: Member, case: Case) -> bool:
    """Whether somebody may say who is to work on a case: who leads there, and its owner, where others could."""
    return case.is_open and (leads(who, case) or _owns(who, case)) and not case.desk.is_for_one


def may_give_back(who: Member, case: Case) -> bool:
    """Whether somebody may make their own case free again, where others could take it."""
    return case.is_open and _owns(who, case) and not case.desk.is_for_one


def may_sort(who: Member, case: Case) -> bool:
    """Whether somebody may set the unit and the category of a case: the office, or the leader who has it."""
    at_office = case.desk == OFFICE_DESK and not acting_as(who, case).isdisjoint(OFFICE_ACTORS)
    return case.state in SORTABLE and (at_office or Actor.TEAM_LEADER in who.actors_at(case))


def may_split(who: Member, case: Case) -> bool:
    """Whether somebody may make two cases of one: its owner, and who leads where it lies."""
    return case.state in SORTABLE and (leads(who, case) or _owns(who, case))


def may_merge(who: Member, case: Case, head: Case) -> bool:
    """Whether somebody may join a case with another that is its head from then on: one of the same round and unit.

    Nobody joins a crisis that is not answered for yet, nor what was put before the head of the leading group.
    """
    if (case.round_id, case.unit_id) != (head.round_id, head.unit_id) or case.is_thanks or head.is_thanks:
        return False
    may = "merge" in CASE.actions(case.state, acting_as(who, case)) and not case.awaits_response
    may = may and case.instruction is None
    return may and head.state in JOINABLE and case.id != head.id and Actor.TEAM_MEMBER in who.actors_at(head)


def may_compare(who: Member, case: Case) -> bool:
    """Whether somebody may lay another case of their choice beside one: who works on it, while it can be joined."""
    return case.state in JOINABLE and not case.is_thanks and Actor.TEAM_MEMBER in acting_as(who, case)


def head_of(who: Member, one: Case, other: Case) -> Case | None:
    """Return which of two cases somebody may join the other with; None: neither. Where both could be, the earlier."""
    first, second = sorted((one, other), key=lambda case: (case.received_at, case.id))
    if may_merge(who, second, first):
        return first
    return second if may_merge(who, first, second) else None


def may_compile_on_head(who: Member, case: Case) -> bool:
    """Whether a case belongs into the file on the head of its unit, and somebody writes and compiles that.

    It is for the one pair of eyes that the case is for: the leader's of the team that is stationed at the unit.
    """
    if not case.concerns_head or case.unit_id is None or case.state in _IN_NO_FILE:
        return False
    return case.desk.kind is DeskKind.LEADER and who.reads(case)


def may_note(who: Member, case: Case) -> bool:
    """Whether somebody may note something about a case for their colleagues: whoever reads it, while it is open."""
    return case.is_open and who.reads(case)


def may_propose_refusal(case: Case, actors: frozenset[Actor]) -> bool:
    """Whether somebody may only propose not to accept a case, for a leader to decide."""
    if Actor.TEAM_MEMBER not in actors or Actor.TEAM_LEADER in actors:
        return False
    if refusal_waits(case):  # a leader agrees to what they have read, and not to what took its place meanwhile
        return False
    return "not_accept" in CASE.actions(case.state, {Actor.TEAM_LEADER})


def refusal_waits(case: Case) -> bool:
    """Whether a member has proposed not to accept a case."""
    return case.proposal is not None and case.dismissal is None


def may_propose_dismissal(who: Member, case: Case) -> bool:
    """Whether somebody may propose to dismiss a case: its owner alone, once."""
    return _owns(who, case) and case.dismissal is None and "dismiss" in CASE.actions(case.state, {Actor.TEAM_LEADER})


def may_decide_on_dismissal(who: Member, case: Case) -> bool:
    """Whether a dismissal waits for somebody's word. Nobody decides on their own, unless nobody else may know of it."""
    dismissal = case.dismissal
    if dismissal is None or not dismissal.waits or dismissal.decider not in who.actors_at(case):
        return False
    return who.id != dismissal.by or dismissal.alone


def may_undo_dismissal(who: Member, case: Case) -> bool:
    """Whether somebody may take a dismissal back: who leads where the case lies, and who decided in their place."""
    dismissal = case.dismissal
    if dismissal is None or dismissal.waits:
        return False
    return leads(who, case) or dismissal.decider in who.actors_at(case)


def _owns(who: Member, case: Case) -> bool:
    return case.owner_id == who.id and may_own(who, case)


def _dismissal_actions(who: Member, case: Case) -> list[str]:
    found = ["propose_dismissal"] if may_propose_dismissal(who, case) else []
    found += ["dismiss", "decline_dismissal"] if may_decide_on_dismissal(who, case) else []
    return found + (["undo_dismissal"] if may_undo_dismissal(who, case) else [])
