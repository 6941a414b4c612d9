"""The periods a county sets for itself; each has a default, so that a county file may leave it out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import time, timedelta
from typing import Any, TypeVar

_S = TypeVar("_S")

EVERYWHERE = "*"  # in place of the id of a unit
LEADING_GROUP = "leading_group"


@dataclass(frozen=True)
class ComplaintSettings:
    """Clocks of cases, in days unless the name says otherwise; a round keeps those that it began under."""

    source: str = "《信访工作条例》"  # the rules that they follow, and since when these are in force
    in_force_from: str = "2022-05-01"
    first_look_hours: int = 24
    first_look_emergency_hours: int = 2
    first_look_warn_hours: int = 6  # before it ends
    accept_days: int = 15
    accept_warn_days: int = 3
    ask_more_wait_days: int = 7
    fix_on_spot_days: int = 7
    # of what is passed on to a department: until it has signed, and within which it may send it back
    transfer_accept_days: int = 15
    transfer_warn_days: int = 3
    transfer_return_working_days: int = 5
    # for the answer of a department that is asked for data, or called by a township
    request_working_days: int = 5
    call_working_days: int = 2
    handle_days: int = 60
    handle_warn_days: int = 10
    extension_days: int = 30  # of handling, once
    # of what is put on the fast track, 快移快查快结; of each clock the warning comes a working day before
    fast_accept_working_days: int = 2
    fast_check_working_days: int = 5
    fast_handle_working_days: int = 10
    # of what somebody stands by with a name that was verified, 实名反映; the other clocks run beside these
    named_notice_working_days: int = 15  # since it came, until it is accepted or not
    named_result_working_days: int = 15  # since it is verified, until what came of it is told or passed on
    follow_up_after_days: int = 7
    reopen_days: int = 30
    merge_window_days: int = 60  # between two complaints that are looked at as perhaps one matter
    hints_agree: int = 3  # so many hints of one village and category are shown to the leader
    # so many complaints about one matter, come within so many days, are told to the leader as a cluster
    cluster_complaints: int = 5
    cluster_days: int = 14

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "ComplaintSettings":
        """Read the clocks of a county file; what belongs to later parts of the product is passed over."""
        return _section(cls, value)


@dataclass(frozen=True)
class RoundSettings:
    """When a round takes no complaints any more, and where residents are sent then."""

    intake_closes_days_before: int = 7  # the stay ends, where a round does not say itself on which day
    # a line for each: its name, where it is, its telephone and hours; without any, 12345 and the petition offices
    other_doors: tuple[str, ...] = ()


@dataclass(frozen=True)
class CrisisSettings:
    """Who is called, and how often, when somebody's life is at stake; in minutes."""

    # After how long without a press the desk is called again, and with it the office directors.
    call_again_minutes: tuple[int, ...] = (10, 30)
    call_again_every_minutes: int = 60  # after the last of these, until somebody presses
    local_numbers: tuple[str, ...] = ()  # lines that residents are told beside 110, 120, 12356 and 12338

    def wait_after(self, calls: int) -> timedelta:
        """Return how long to wait for a press after so many calls, of which the first is made at once."""
        at = [0, *sorted(minutes for minutes in self.call_again_minutes if minutes > 0)]
        if calls < len(at):
            return timedelta(minutes=at[calls] - at[calls - 1])
        return timedelta(minutes=max(1, self.call_again_every_minutes))

    @property
    def first_wait_minutes(self) -> int:
        """After how many minutes without a press the office directors are called."""
        return self.wait_after(1) // timedelta(minutes=1)


@dataclass(frozen=True)
class RectificationSettings:
    """The ladder around a due date, in days unless the name says otherwise; a round keeps the one it began under."""

    source: str = "《中国共产党巡视工作条例》"  # the rules that it follows, and since when these are in force
    in_force_from: str = "2024-02-08"
    remind_before_days: tuple[int, ...] = (20, 10, 3)
    remind_overdue_days: tuple[int, ...] = (1, 3, 5)
    remind_overdue_every_days: int = 7
    acknowledge_working_days: int = 3
    acknowledge_leader_working_days: int = 5
    yellow_overdue_days: int = 5
    red_overdue_days: int = 20
    review_days: int = 7
    closing_days: int = 7  # to sign for what was passed, and to clear what was signed
    long_term_every_days: int = 180  # until the next report on what is kept for long
    long_term_late_days: int = 30  # between two reminders of a report that is late
    max_returns_before_card: int = 2
    plan_due_days: int = 30  # since an item was issued, or since the feedback of its round, if that came later
    plan_again_days: int = 7  # for another plan, at the least, where the office has sent one back
    plan_remind_days: int = 7  # before it is due
    plan_overdue_every_days: int = 7
    plan_review_days: int = 7
    midterm_answer_days: int = 7
    confirm_days: int = 2  # what a liaison has prepared
    extension_days: int = 90  # so many at the most, once
    extension_decide_days: int = 3
    urge_every_days: int = 7  # a department urges an item of its field once in so many: 条线督促
    comment_remind_days: int = 3  # before the last day on which a head can say what they think of a draft
    # whether the terms of what was issued before run from the day on which the head signed for the feedback
    terms_from_receipt: bool = False
    due_days: int = 90  # of an item nobody set another day for, when that of its round is past
    # what a round looks at, 方面; an item says which it belongs to. A hand-down has its own.
    aspects: tuple[str, ...] = (
        "落实党的路线方针政策和党中央决策部署",
        "群众身边腐败问题和不正之风",
        "基层党组织建设",
        "巡察整改落实",
    )
    heads_per_cent: int = 80  # of all items are to be for the heads themselves: 直接交办
    reopened_days: int = 30  # for what was cleared and has come back
    # so long after it was cleared, what is found of the same kind at the same unit is offered to be opened again
    recurrence_days: int = 365
    # 领办县领导审核: what the county leader in charge must have signed, as it is, before the director clears it:
    # ORDERED, all but what is fixed on the spot; ALL; NONE
    second_approval: str = "ordered"
    # who supervises what is open once the team has gone: by category, or EVERYWHERE, the id of a department or OFFICE
    supervisors: Mapping[str, str] = field(default_factory=dict)

    red_card_by: str = LEADING_GROUP  # who confirms one; or the office director
    reminder_talk_after_yellow_days: int = 1  # when the card can be taken back no more
    interview_after_red_days: int = 15
    talk_waiting_days: int = 3  # then whoever a talk waits for is reminded
    listed_every_days: int = 3  # of what is under listed supervision the county leader hears so often
    decide_working_days: int = 3  # for what is put before the leading group

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "RectificationSettings":
        """Read the ladder of a county file; what belongs to later parts of the product is passed over."""
        return _section(cls, value)


@dataclass(frozen=True)
class PrivacySettings:
    """What is kept, and how long."""

    public_min_count: int = 5
    draft_ttl_hours: int = 24
    # what comes from villages, or by their unit's code, reaches the team in batches so far apart; 0: at once
    release_village_hours: int = 1
    release_other_hours: int = 0  # the same for units without villages, where nobody knows everybody
    # within how long what waits for no batch is pushed to a reporter, at random; a danger in a sixth of it; 0: at once
    push_scatter_minutes: int = 60
    reply_address_days: int = 90
    # how long what was said stays readable once a case has ended, by how it ended
    keep_closed_days: int = 365
    keep_not_accepted_days: int = 180
    keep_invalid_days: int = 30
    keep_withdrawn_days: int = 0


@dataclass(frozen=True)
class AbuseSettings:
    """From where on somebody is slowed, or the office asked; all counts are of one day."""

    complaints_a_day: int = 20  # of one sender; a danger is always taken
    wrong_receipts_a_day: int = 10  # of one sender
    alarm_scans_a_day: int = 150  # of one printed code, by as many senders


@dataclass(frozen=True)
class DigestSettings:
    """When the staff are told each day how the cases stand that are theirs."""

    at: str | None = "08:30"  # by the county's clock, HH:MM; None: nobody is told
    every_day: bool = False  # also on days on which the county does not work

    @property
    def time(self) -> time | None:
        """The time of day; None when nobody is told."""
        return None if self.at is None else time.fromisoformat(self.at)


@dataclass(frozen=True)
class WeeklyDigestSettings:
    """When each level is told once a week how rectification stands: 周调度."""

    at: str | None = "09:00"  # of the first working day of the week, by the county's clock; None: nobody is told

    @property
    def time(self) -> time | None:
        """The time of day; None when nobody is told."""
        return None if self.at is None else time.fromisoformat(self.at)


@dataclass(frozen=True)
class EvaluationSettings:
    """The score sheet by which the units of a round are graded; a round keeps the one that it began under.

    Of each criterion a unit gets the points for what it has met. One for which nothing is counted is left out.
    """

    good_rate: float = 0.95  # of the points that can be had; also the line that every rate is held against
    medium_rate: float = 0.8
    points_done: int = 40
    points_in_time: int = 25
    points_passed_at_once: int = 10  # without having been returned
    points_stays_done: int = 10  # without having been reopened
    points_no_card: int = 10
    points_system_built: int = 5

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "EvaluationSettings":
        """Read a score sheet of a county file, or of a round; what belongs to later parts is passed over."""
        return _section(cls, value)


@dataclass(frozen=True)
class ProcessAlarmSettings:
    """From where on the office is told that the process itself does not go as it should."""

    unowned_days: int = 1  # nobody answers for an item
    activity_days: int = 14  # what units do in the last so many days is compared with the first after the feedback
    activity_least: int = 3  # things done then, so that there is something to compare with
    activity_share: float = 0.34  # less than so much of it is left
    direct_share: float = 0.8  # of the items that go to heads directly
    direct_least: int = 5  # items of a round, so that a share means anything
    late_review_days: int = 90  # in which reviews are counted
    late_review_least: int = 3  # reviews
    late_review_share: float = 0.8  # of them are late


@dataclass(frozen=True)
class WorkingHours:
    """When a head may be reminded: hours of the county's clock on working days."""

    start_hour: int = 9
    end_hour: int = 18


@dataclass(frozen=True)
class FieldworkSettings:
    """What a team is to do in each village."""

    # 六必访六必谈; one that has no sentence `field.group_…` is called as it stands here
    visit_groups: tuple[str, ...] = (
        "respected_elder",
        "petition_household",
        "monitored_household",
        "subsistence_household",
        "renovated_house",
        "veteran_party_member",
    )
    visits_wanted: int = 1  # of each group
    # how many points of their checklist are to be checked, the first ones; 0: all, as in a village that lags behind
    points_in_model_villages: int = 0
    points_in_ordinary_villages: int = 0

    def points_in(self, village_class: str | None) -> int:
        """Return how many points of the checklist are to be checked in a village of a class; 0: all."""
        return {"model": self.points_in_model_villages, "ordinary": self.points_in_ordinary_villages}.get(
            village_class or "", 0
        )


@dataclass(frozen=True)
class RevisitSettings:
    """How rectification is looked at again, and from how much on it is proposed that items have something in common."""

    # of what is drawn, never less than a third, whatever stands here
    revisit_unit_share: float = 1 / 3
    revisit_item_share: float = 1 / 3
    revisit_days: int = 30  # in which a group has what was drawn for it
    self_check_days: int = 15
    letter_reply_days: int = 30
    common_units: int = 3  # so many units with items of one category in a round: a common problem
    many_items: int = 15  # so many items of one unit in a round: a unit with many problems


@dataclass(frozen=True)
class CountySettings:
    """All of a county's periods."""

    complaint: ComplaintSettings = field(default_factory=ComplaintSettings)
    round: RoundSettings = field(default_factory=RoundSettings)
    crisis: CrisisSettings = field(default_factory=CrisisSettings)
    rectification: RectificationSettings = field(default_factory=RectificationSettings)
    privacy: PrivacySettings = field(default_factory=PrivacySettings)
    abuse: AbuseSettings = field(default_factory=AbuseSettings)
    digest: DigestSettings = field(default_factory=DigestSettings)
    weekly: WeeklyDigestSettings = field(default_factory=WeeklyDigestSettings)
    evaluation: EvaluationSettings = field(default_factory=EvaluationSettings)
    process_alarms: ProcessAlarmSettings = field(default_factory=ProcessAlarmSettings)
    working_hours: WorkingHours = field(default_factory=WorkingHours)
    # posts, or names of who holds them, that are treated as a head is: by unit id, or EVERYWHERE
    key_posts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fieldwork: FieldworkSettings = field(default_factory=FieldworkSettings)
    revisits: RevisitSettings = field(default_factory=RevisitSettings)
    extra_holidays: tuple[str, ...] = ()  # ISO days, for years the calendar does not know
    extra_workdays: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "CountySettings":
        """Read the settings of a county file; what belongs to later parts of the product is passed over."""
        return cls(
            complaint=ComplaintSettings.from_json(value.get("complaint", {})),
            round=_section(RoundSettings, value.get("round", {})),
            crisis=_section(CrisisSettings, value.get("crisis", {})),
            rectification=RectificationSettings.from_json(value.get("rectification", {})),
            privacy=_section(PrivacySettings, value.get("privacy", {})),
            abuse=_section(AbuseSettings, value.get("abuse", {})),
            digest=_section(DigestSettings, value.get("digest", {})),
            weekly=_section(WeeklyDigestSettings, value.get("weekly", {})),
            evaluation=EvaluationSettings.from_json(value.get("evaluation", {})),
            process_alarms=_section(ProcessAlarmSettings, value.get("process_alarms", {})),
            working_hours=_section(WorkingHours, value.get("working_hours", {})),
            key_posts={place: tuple(names) for place, names in value.get("key_posts", {}).items()},
            fieldwork=_section(FieldworkSettings, value.get("fieldwork", {})),
            revisits=_section(RevisitSettings, value.get("evaluation", {})),
            extra_holidays=tuple(value.get("extra_holidays", ())),
            extra_workdays=tuple(value.get("extra_workdays", ())),
        )


# What a round may set for itself, over the county's, by the name of the section: what it keeps once it has begun.
OF_ROUNDS: Mapping[str, type] = {
    "complaint": ComplaintSettings,
    "rectification": RectificationSettings,
    "evaluation": EvaluationSettings,
}


def with_own(settings: _S, own: Mapping[str, Any]) -> _S:
    """Return settings with those of a round's own in the place of the county's."""
    return replace(settings, **_known(type(settings), own)) if own else settings  # type: ignore[type-var]


def _section(kind: type[_S], value: Mapping[str, Any]) -> _S:
    return kind(**_known(kind, value))


def _known(kind: type, value: Mapping[str, Any]) -> dict[str, Any]:
    names = {entry.name for entry in fields(kind)}
    return {name: tuple(entry) if isinstance(entry, list) else entry for name, entry in value.items() if name in names}
