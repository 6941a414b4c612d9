"""What people do by presses that follow no arrow of a state machine: by whom, of what, and what they answer.

What follows an arrow stands in machine_table.py, what is done to a case in tests/integration/cases/press_table.py.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from services.unit_of_work import UnitOfWork
from tests.integration.presses import records
from tests.integration.presses.records import (
    CONTACT,
    COUNTY_LEADER,
    DIRECTOR,
    DISCIPLINE,
    GROUP,
    GROUP_HEAD,
    HEAD,
    LEADER,
    LIAISON,
    MEMBER,
    OFFICE,
)

TOWNSHIP = "G1"
REVIEWER = "P11"  # of the item that was made public
SECOND_HEAD = "P15"


@dataclass(frozen=True)
class Deed:
    """A press that is followed to its end: the action, who does it, of which record, and what they answer.

    `says`: by the steps of a form, what is written, or what ends the data of the button that is pressed.
    """

    area: str
    action: str
    by: str
    lay: Callable[[UnitOfWork], Awaitable[str]]
    arg: str = ""  # what the button carries beside the record, where no card shows it
    says: Mapping[str, str] = field(default_factory=dict)
    only_shows: bool = False  # a menu, a text to forward, a file: it changes nothing

    def __str__(self) -> str:
        return f"{self.area}.{self.action} by {self.by}"


_MATTER = {"unit": "竹坞镇"}

DEEDS = (
    Deed("account", "item", OFFICE, records.item),
    Deed("account", "case", LEADER, records.case),
    Deed("docket", "put_item", OFFICE, records.item),
    Deed("docket", "put_case", LEADER, records.case),
    Deed("docket", "take_back_red_card", GROUP, records.given_red_card),
    Deed("task", "visit", DIRECTOR, records.item),
    Deed("task", "opinion", GROUP, records.matter_before_group),
    Deed("task", "name_matter", OFFICE, records.of_no_record, says=_MATTER),
    Deed("task", "ask_cadre", LEADER, records.village_with_cadre),
    Deed("talk", "propose", OFFICE, records.item),
    Deed("bulletin", "draft", OFFICE, records.item),
    Deed("measure", "list", DIRECTOR, records.item),
    Deed("measure", "unlist", DIRECTOR, records.listed_item),
    Deed("letter", "file", OFFICE, records.letter),
    Deed("pattern", "write", OFFICE, records.confirmed_pattern),
    Deed("check", "ask_siblings", DIRECTOR, records.acknowledged_item),
    Deed("revisit", "begin", DIRECTOR, records.of_no_record),
    Deed("revisit", "join", DIRECTOR, records.revisit),
    Deed("revisit", "leave", DIRECTOR, records.revisit),
    Deed("visit", "judge", DISCIPLINE, records.visit),
    Deed("request", "request_data", MEMBER, records.case),
    Deed("request", "call_department", HEAD, records.acknowledged_item),
    Deed("request", "call_to_case", TOWNSHIP, records.shown_to_township),
    Deed("transfer", "transfer", LEADER, records.case),
    Deed("poll", "begin", LEADER, records.pages_have_address),
    Deed("poll", "print", LEADER, records.poll),
    Deed("poll", "close", LEADER, records.poll),
    Deed("objection", "reopen", REVIEWER, records.objection),
    Deed("objection", "set_aside", REVIEWER, records.objection),
    Deed("publication", "begin", OFFICE, records.round_to_publish),
    Deed("publication", "choose_item", OFFICE, records.prepared_publication),
    Deed("publication", "leave_out", OFFICE, records.prepared_publication),
    Deed("publication", "enter_villages", OFFICE, records.prepared_publication),
    Deed("publication", "enter_grade", OFFICE, records.prepared_publication),
    Deed("publication", "take_grades", OFFICE, records.publication_of_graded_round),
    Deed("brief", "print", OFFICE, records.brief),
    Deed("cluster", "brief", LEADER, records.cluster),
    Deed("instruction", "give", GROUP_HEAD, records.escalated_case, arg="finish"),
    Deed("place", "enter", MEMBER, records.village),
    Deed("place", "plan", MEMBER, records.village),
    Deed("place", "tick", MEMBER, records.village, arg="0"),
    Deed("place", "untick", MEMBER, records.ticked_village, arg="0"),
    Deed("place", "untick_yes", MEMBER, records.ticked_village, arg="0"),
    Deed("place", "visit", MEMBER, records.village, arg="0"),
    Deed("place", "visit_less", MEMBER, records.visited_village, arg="0"),
    Deed("place", "announce", MEMBER, records.village),
    Deed("place", "keep_talk", MEMBER, records.village),
    Deed("evening", "log", MEMBER, records.evening_talk),
    Deed("evening", "solve", MEMBER, records.suggestion),
    Deed("evening", "make_case", MEMBER, records.suggestion),
    Deed("copy", "read", COUNTY_LEADER, records.copied_item),
    Deed("copy", "urge", CONTACT, records.copied_item),
    Deed("feedback", "record", OFFICE, records.round_of_feedback, says=_MATTER),
    *(
        Deed("draft", part, OFFICE, records.draft)
        for part in (
            "problem",
            "requirement",
            "category",
            "aspect",
            "kind",
            "others",
            "head",
            "leader",
            "task_force",
            "due",
            "copies",
            "source",
            "village",
            "ask_heads",
            "issue",
            "drop",
            "drop_for_good",
        )
    ),
    Deed("draft", "of_case", LEADER, records.case),
    Deed("draft", "issue", LEADER, records.draft_of_case),
    Deed("finding", "add_record", OFFICE, records.draft, says={"day": "11月20日"}),
    Deed("finding", "file", OFFICE, records.working_file),
    Deed("finding", "take_out", OFFICE, records.working_file),
    Deed("finding", "take_out_yes", OFFICE, records.working_file),
    Deed("item", "acknowledge_along", SECOND_HEAD, records.item_of_two_units),
    Deed("item", "acknowledge_listed", HEAD, records.item),
    Deed("item", "write_submission", LIAISON, records.acknowledged_item),
    Deed("item", "write_plan", LIAISON, records.item_that_wants_plan),
    Deed("item", "write_plan", HEAD, records.item_that_wants_plan),
    Deed("item", "write_midterm", LIAISON, records.item_at_half_time),
    Deed("item", "write_extension", LIAISON, records.acknowledged_item, says={"until": "12月30日"}),
    Deed("item", "open_again", DIRECTOR, records.cleared_item),
    Deed("item", "set_supervisor", OFFICE, records.supervised_item),
    Deed("item", "tell_system", HEAD, records.acknowledged_item),
    Deed("item", "order_fix", LEADER, records.case),
    Deed("item", "read_copy", COUNTY_LEADER, records.copied_item),
    Deed("item", "give", DIRECTOR, records.late_item),
    Deed("item", "confirm_card", DIRECTOR, records.late_item, arg="yellow"),
    Deed("item", "take_back_card", DIRECTOR, records.item_with_card),
    Deed("item", "decline", DIRECTOR, records.late_item),
    Deed("campaign", "new", OFFICE, records.of_no_record, says={"begins": "12月1日", "ends": "12月30日"}),
    Deed("campaign", "close", OFFICE, records.campaign),
    Deed("campaign", "go_on", OFFICE, records.closed_campaign),
    Deed("handdown", "new", OFFICE, records.of_no_record, says={"came": "2026-11-20", "due": "2026-12-30"}),
    Deed("round", "level_up", DIRECTOR, records.county_round),
    Deed("round", "put_back", DIRECTOR, records.levelled_up_village),
    Deed("item", "show_files", COUNTY_LEADER, records.item_with_evidence, only_shows=True),
    Deed("item", "printout", OFFICE, records.item),
    Deed("item", "fixes", OFFICE, records.of_no_record, only_shows=True),
    Deed("instruction", "show", GROUP_HEAD, records.escalated_case, only_shows=True),
    Deed("docket", "list", OFFICE, records.of_no_record, only_shows=True),
    Deed("task", "matters", OFFICE, records.of_no_record, only_shows=True),
    Deed("task", "opinions", GROUP, records.of_no_record, only_shows=True),
    Deed("task", "opinions_done", GROUP, records.of_no_record, only_shows=True),
    Deed("instruction", "done", GROUP_HEAD, records.of_no_record, only_shows=True),
    Deed("measure", "menu", OFFICE, records.item, only_shows=True),
    Deed("place", "checklist", MEMBER, records.village, only_shows=True),
    Deed("place", "visits", MEMBER, records.village, only_shows=True),
    Deed("place", "talks", MEMBER, records.village, only_shows=True),
    Deed("place", "records", MEMBER, records.village, only_shows=True),
    Deed("place", "share", MEMBER, records.village, only_shows=True),
    Deed("evening", "notice", MEMBER, records.evening_talk, only_shows=True),
    Deed("copy", "field", CONTACT, records.of_no_record, only_shows=True),
    Deed("grade", "alone", DIRECTOR, records.confirmed_grades),
)

# What only shows something, or turns a page, in whatever area: it is shown by those who look for it.
SHOWS = {"open", "card", "list", "page", "more", "read", "look"}
# What stands for itself elsewhere, by its area: what it does, or where it is followed to its end.
ELSEWHERE = {
    "form": "the steps of every form: all of these deeds press them",
    "case": "tests/integration/cases/test_presses.py",
    "load": "tests/integration/cases/test_balance.py",
    "names": "tests/integration/cases/test_name_lists.py",
    "queue": "only turns pages and brings cards",
    "find": "only turns pages",
    "clearance": "only shows how many items are cleared",
    "report": "only shows, and sends files: tests/integration/evaluation/test_grades.py",
    "receipt": "takes away a message: tests/integration/fieldwork/test_entering.py",
    "address": "tests/integration/mail",
    "web": "brings a link: tests/integration/web",
    "staff": "keeps a language: tests/integration/test_commands.py",
    "board": "pressed in a group: tests/integration/cases/test_board.py",
    "grant": "tests/integration/people/test_grants.py",
    "oncall": "tests/integration/cases/test_on_call.py",
    "recuse": "tests/integration/people/test_conflicts_of_interest.py",
    "people": "tests/integration/people/test_coming_and_going.py",
    "code": "tests/integration/resident",
    "ledger": "only sends a file: tests/integration/cases/test_ledger.py",
}
# And by itself.
ALONE = {
    "finding.add_file": "asks for a file: tests/integration/rectification/test_working_papers.py",
    "item.self_report": "begun by a command: tests/integration/rectification/test_entering.py",
    "item.sign": "pressed on the file that `countersign` shows",
    "grade.places": "pressed on the question that `release` asks",
    "poll.close_yes": "pressed on the question that `close` asks",
}
