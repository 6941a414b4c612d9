"""The resident's conversation, without any channel: every input is answered, and nothing that was said is lost."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from handlers.resident.buttons import DRAFT_ACTIONS, VISIT_ACTIONS
from handlers.resident.conversation import step
from handlers.resident.messages import (
    AdditionPreview,
    AddToComplaint,
    CategoryGrid,
    Choice,
    ClearChat,
    ConversationResult,
    DeletePressed,
    Discard,
    DraftPreview,
    Edited,
    EffectOutcome,
    FileSent,
    ForgetChat,
    Greeting,
    Incoming,
    LookUp,
    Pressed,
    ReceiptMessage,
    ReplacePiece,
    ResidentCommand,
    Scanned,
    SendReceiptPicture,
    Sentence,
    ShowVisit,
    StorePiece,
    Submit,
    Submitted,
    TextSent,
    Unfit,
    UnfitKind,
    VisitFound,
    VisitSummary,
    Withdraw,
)
from media.kinds import Cleaned, FileKind
from models.rounds import PlaceKind
from models.states import CaseState
from privacy.receipt import Script, new_receipt
from privacy.trail import Trail
from services.access.contacts import OfficeContacts
from services.intake.drafts import MOST_PIECES, Addition, ConversationState, Draft
from services.intake.place import Place, Shut, ShutBecause
from services.intake.route import ReadBy
from services.intake.submit import Submission
from services.intake.understanding import TextKind
from services.intake.visit import Visit, Withdrawal

CATEGORIES = ("road", "other")
VILLAGE = Place("R6", PlaceKind.VILLAGE, "V06", "第六轮", "双槐村", "V06", "U2", "T2", "第二组")
OTHER_VILLAGE = replace(VILLAGE, place_id="V05", name="石蒲湾村", village_id="V05")
OTHER_ROUND = replace(VILLAGE, round_id="R7")
SHUT = Shut(ShutBecause.OVER, OfficeContacts())
PHOTO = Cleaned(FileKind.PHOTO, b"jpeg")
RECEIPT = new_receipt(lambda count: bytes(range(count)))
CODE = RECEIPT.text(Script.SIMPLIFIED)
COMPLAINT, ANOTHER = "a" * 32, "b" * 32
SUBMISSION = Submission(COMPLAINT, RECEIPT, 1, 0, ReadBy.TEAM, "第二组", 24, 15, tell_me=False)


def visit(complaint_id: str = COMPLAINT) -> Visit:
    return Visit(complaint_id, CaseState.ASSIGNED, date(2026, 10, 14), (), 1, 0, False, False, frozenset())


def result_of(state: ConversationState, *incoming: Incoming) -> ConversationResult:
    """Let several things come in, one after another; return the last result."""
    result = ConversationResult(state)
    for one in incoming:
        result = step(result.state, one, CATEGORIES)
    return result


def begun(*incoming: Incoming) -> ConversationState:
    return result_of(ConversationState(), Scanned(VILLAGE, "m1"), *incoming).state


def keys(result: ConversationResult) -> list[str]:
    return [reply.key for reply in result.replies if isinstance(reply, Sentence)]


def card(result: ConversationResult) -> DraftPreview:
    [found] = [reply for reply in result.replies if isinstance(reply, DraftPreview)]
    return found


# ---- a draft


def test_whoever_asks_who_reported_is_refused_with_an_open_draft_too() -> None:
    asked = TextSent("是谁举报的", "s2", TextKind.ASKS_FOR_REPORTER)
    answer = result_of(begun(TextSent("路灯不亮", "s1")), asked)
    assert keys(answer) == ["nobody_knows_who"]
    assert card(answer).draft.texts == ("路灯不亮",)
    assert answer.effects == ()
    assert keys(result_of(ConversationState(), asked)) == ["nobody_knows_who"]


def test_a_scan_is_greeted_with_the_place() -> None:
    result = result_of(ConversationState(), Scanned(VILLAGE, "m1"))
    assert result.replies == (Greeting(VILLAGE),)
    assert result.state.draft == Draft("m1", VILLAGE)


def test_from_the_scan_to_the_receipt_it_takes_three_taps() -> None:
    state = ConversationState()
    script: list[Incoming] = [Scanned(VILLAGE, "m1"), TextSent("路灯不亮", "s1"), Pressed("send", "m1")]
    for one in script:
        result = step(state, one, CATEGORIES)
        state = result.state
    assert len(script) <= 3
    assert [type(action) for action in result.effects] == [Submit]
    sent = step(state, Submitted(SUBMISSION), CATEGORIES)
    assert sent.replies == (ReceiptMessage(SUBMISSION, VILLAGE, state.trail),)
    assert sent.state.draft is None


def test_what_is_said_is_kept_and_shown_on_a_card() -> None:
    result = result_of(begun(), TextSent("路灯不亮", "s1"))
    assert result.effects == (StorePiece("s1", "路灯不亮"),)
    assert card(result).draft.texts == ("路灯不亮",)


def test_a_photo_counts_as_a_photo_and_its_caption_as_a_text() -> None:
    result = result_of(begun(), FileSent(PHOTO, "这盏灯", "s1"))
    assert result.effects == (StorePiece("s1", "这盏灯", PHOTO),)
    assert (card(result).draft.files, card(result).draft.texts) == (1, ("这盏灯",))


def test_every_photo_of_an_album_is_kept_and_counted_on_the_card() -> None:
    first = result_of(begun(), FileSent(PHOTO, "", "s1", album="a"))
    second = result_of(first.state, FileSent(PHOTO, "", "s2", album="a"))
    assert card(first).draft.files == 1
    assert card(second).draft.files == 2
    assert second.effects == (StorePiece("s2", "", PHOTO),)


def test_an_edited_message_changes_the_draft() -> None:
    result = result_of(begun(TextSent("路灯不亮", "s1"), TextSent("三个月了", "s2")), Edited("s1", "路灯全不亮"))
    assert result.effects == (ReplacePiece("s1", "路灯全不亮"),)
    assert card(result).draft.texts == ("路灯全不亮", "三个月了")


def test_an_edit_of_something_that_is_not_in_the_draft_is_answered_and_changes_nothing() -> None:
    result = result_of(begun(TextSent("路灯不亮", "s1")), Edited("s9", "别的"))
    assert keys(result) == ["edit_too_late"]
    assert result.effects == ()
    assert card(result).draft.texts == ("路灯不亮",)


def test_the_thirty_first_piece_is_refused_with_a_word_and_the_thirty_stay() -> None:
    state = begun(*(TextSent(f"第{number}条", f"s{number}") for number in range(MOST_PIECES)))
    result = result_of(state, TextSent("再来一条", "s99"))
    assert keys(result) == ["full"]
    assert result.effects == ()
    assert len(card(result).draft.pieces) == MOST_PIECES


def test_an_old_card_sends_nothing_and_shows_the_present_one() -> None:
    result = result_of(begun(TextSent("路灯不亮", "s1")), Pressed("send", "m0"))
    assert keys(result) == ["old_card"]
    assert result.effects == ()
    assert card(result).draft.draft_id == "m1"


def test_a_second_press_of_send_makes_no_second_complaint() -> None:
    sent = result_of(begun(TextSent("路灯不亮", "s1")), Pressed("send", "m1"), Submitted(SUBMISSION))
    again = result_of(sent.state, Pressed("send", "m1"))
    assert keys(again) == ["old_card"]
    assert again.effects == ()


def test_nothing_written_is_nothing_to_send() -> None:
    result = result_of(begun(), Pressed("send", "m1"))
    assert keys(result) == ["nothing_to_send"]
    assert result.effects == ()


def test_toggles_turn_on_and_off_in_place() -> None:
    state = begun(TextSent("路灯不亮", "s1"))
    for name, of in (("head", "concerns_head"), ("team", "concerns_team"), ("tell", "tell_me")):
        on = result_of(state, Pressed("toggle", "m1", name))
        assert getattr(card(on).draft, of)
        assert card(on).in_place
        off = result_of(on.state, Pressed("toggle", "m1", name))
        assert off.state.draft == state.draft


def test_a_category_is_chosen_from_the_grid() -> None:
    state = begun(TextSent("路灯不亮", "s1"))
    assert isinstance(result_of(state, Pressed("category", "m1")).replies[0], CategoryGrid)
    assert card(result_of(state, Pressed("choose", "m1", "road"))).draft.category == "road"


def test_a_category_nobody_knows_is_not_chosen() -> None:
    state = begun(TextSent("路灯不亮", "s1"))
    assert card(result_of(state, Pressed("choose", "m1", "moon"))).draft.category is None


def test_discarding_asks_first_and_can_be_called_off() -> None:
    state = begun(TextSent("路灯不亮", "s1"))
    asked = result_of(state, Pressed("discard", "m1"))
    assert keys(asked) == ["sure_to_discard"]
    assert asked.effects == ()
    assert result_of(asked.state, Pressed("card", "m1")).state == state
    gone = result_of(asked.state, Pressed("discard_yes", "m1"))
    assert [type(action) for action in gone.effects] == [Discard]
    assert gone.state.is_over


def test_scanning_another_village_of_the_round_moves_the_draft() -> None:
    result = result_of(begun(TextSent("路灯不亮", "s1")), Scanned(OTHER_VILLAGE, "m2"))
    assert keys(result) == ["draft_moved"]
    assert card(result).draft.place == OTHER_VILLAGE
    assert card(result).draft.texts == ("路灯不亮",)


def test_scanning_the_same_village_again_goes_on_with_the_draft() -> None:
    assert keys(result_of(begun(TextSent("路灯不亮", "s1")), Scanned(VILLAGE, "m2"))) == ["draft_continues"]


def test_scanning_another_round_leaves_what_was_said_where_it_is() -> None:
    result = result_of(begun(TextSent("路灯不亮", "s1")), Scanned(OTHER_ROUND, "m2"))
    assert keys(result) == ["finish_other_first"]
    assert card(result).draft.place == VILLAGE


def test_scanning_a_code_that_opens_nothing_leaves_the_draft() -> None:
    state = begun(TextSent("路灯不亮", "s1"))
    result = result_of(state, Scanned(SHUT, "m2"))
    assert keys(result) == ["shut_over"]
    assert result.state == state


@pytest.mark.parametrize("kind", UnfitKind)
def test_what_cannot_be_taken_is_answered_and_leaves_the_draft(kind: UnfitKind) -> None:
    state = begun(TextSent("路灯不亮", "s1"))
    result = result_of(state, Unfit(kind))
    assert keys(result) == [f"unfit_{kind}"]
    assert result.state == state


def test_of_a_file_of_which_something_could_not_be_kept_it_is_told() -> None:
    in_part = Cleaned(FileKind.WORD, b"docx", is_whole=False)
    result = result_of(begun(), FileSent(in_part, "", "s1"))
    assert keys(result) == ["kept_in_part"]
    assert len(card(result).draft.pieces) == 1
    assert keys(result_of(begun(), FileSent(PHOTO, "", "s1"))) == []


def test_the_words_with_what_cannot_be_taken_are_kept() -> None:
    result = result_of(begun(), Unfit(UnfitKind.TOO_BIG, "桥要塌了", "s1"))
    assert keys(result) == ["unfit_too_big", "unfit_words_kept"]
    assert card(result).draft.texts == ("桥要塌了",)
    assert [type(action) for action in result.effects] == [StorePiece]


def test_the_words_with_what_cannot_be_taken_are_shown_to_be_added_to_the_complaint_that_is_visited() -> None:
    result = result_of(ConversationState(), VisitFound(visit()), Unfit(UnfitKind.TOO_BIG, "桥要塌了", "s1"))
    assert keys(result) == ["unfit_too_big"]
    assert result.replies[1:] == (AdditionPreview(COMPLAINT, Addition(lines=(("s1", "桥要塌了"),))),)
    assert result.effects == ()


def test_words_are_not_said_to_be_kept_where_they_are_not() -> None:
    assert keys(result_of(ConversationState(), Unfit(UnfitKind.TOO_BIG, "桥要塌了", "s1"))) == [
        "unfit_too_big",
        "not_scanned",
    ]
    full = begun(*(TextSent(f"第{number}条", f"s{number}") for number in range(MOST_PIECES)))
    assert keys(result_of(full, Unfit(UnfitKind.TOO_BIG, "桥要塌了", "s99"))) == ["unfit_too_big", "full"]


def test_without_a_scan_a_message_is_answered_with_what_to_do() -> None:
    assert keys(result_of(ConversationState(), TextSent("路灯不亮", "s1"))) == ["not_scanned"]
    assert keys(result_of(ConversationState(), Unfit(UnfitKind.DAMAGED))) == ["unfit_damaged", "not_scanned"]


def test_the_language_is_kept_and_the_greeting_said_again() -> None:
    result = result_of(begun(), Pressed("lang", "R6", "zh_Hant"))
    assert result.state.language == "zh_Hant"
    assert result.replies == (Greeting(VILLAGE, in_place=True),)


def test_a_language_chosen_in_the_middle_shows_the_draft_in_it() -> None:
    state = begun(TextSent("路灯不亮", "s1"))
    result = result_of(state, ResidentCommand.LANGUAGE, Pressed("lang", "", "en"))
    assert keys(result) == ["language_chosen"]
    assert card(result).draft.texts == ("路灯不亮",)


def test_a_language_chosen_during_a_visit_shows_the_complaint_in_it() -> None:
    state = result_of(ConversationState(), VisitFound(visit())).state
    assert result_of(state, Pressed("lang", "", "en")).effects == (ShowVisit(COMPLAINT),)


def test_a_language_nobody_speaks_is_not_kept() -> None:
    assert result_of(begun(), Pressed("lang", "R6", "tlh")).state.language is None


# ---- coming back


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.replace(" ", ""),
        "，".join(CODE.replace(" ", "")),
        f"回执码:{CODE}",
        RECEIPT.text(Script.TRADITIONAL),
        RECEIPT.text(Script.ENGLISH).upper().replace("-", " "),
    ],
)
def test_a_receipt_code_is_looked_up_however_it_is_typed(typed: str) -> None:
    assert result_of(ConversationState(), TextSent(typed, "s1")).effects == (LookUp(RECEIPT),)


def test_a_receipt_code_inside_a_draft_is_looked_up_and_the_draft_waits() -> None:
    state = begun(TextSent("路灯不亮", "s1"))
    result = result_of(state, TextSent(CODE, "s2"))
    assert result.effects == (LookUp(RECEIPT),)
    found = result_of(result.state, VisitFound(visit()))
    assert found.replies == (VisitSummary(visit(), draft_waits=True),)
    assert card(result_of(found.state, Pressed("leave", COMPLAINT))).draft.texts == ("路灯不亮",)


def test_a_code_within_a_longer_message_is_part_of_what_is_said() -> None:
    result = result_of(begun(), TextSent(f"我上次反映过,回执码是{CODE},一直没有人管", "s1"))
    assert [type(action) for action in result.effects] == [StorePiece]


@pytest.mark.parametrize("said", [f"你好,我的码是 {CODE} ,办得怎么样了", f"{CODE}\n路又塌了"])
def test_a_code_within_a_sentence_is_looked_up_and_the_rest_is_not_silently_lost(said: str) -> None:
    result = result_of(ConversationState(), TextSent(said, "s1"))
    assert result.effects == (LookUp(RECEIPT),)
    assert keys(result) == ["only_code_read"]


def test_a_slip_in_the_code_is_answered() -> None:
    words = RECEIPT.words(Script.SIMPLIFIED)
    words[0], words[1] = words[1], words[0]
    assert keys(result_of(ConversationState(), TextSent("".join(words), "s1"))) == ["mistyped_check_fails"]
    assert keys(result_of(ConversationState(), TextSent("".join(words[:7]), "s1"))) == ["mistyped_too_few"]


def test_inside_a_draft_what_only_looks_like_a_code_is_part_of_what_is_said_if_its_writer_says_so() -> None:
    words = RECEIPT.words(Script.SIMPLIFIED)
    words[0], words[1] = words[1], words[0]
    asked = result_of(begun(), TextSent("".join(words), "s1"))
    assert keys(asked) == ["confirm_slip"]
    assert asked.effects == ()
    assert [type(action) for action in result_of(asked.state, Pressed("take", "s1")).effects] == [StorePiece]


def added(text: str, source: str, attachment: Cleaned | None = None) -> AddToComplaint:
    return AddToComplaint(COMPLAINT, Addition(lines=((source, text),)), attachment)


def slip() -> str:
    words = RECEIPT.words(Script.SIMPLIFIED)
    words[0], words[1] = words[1], words[0]
    return "".join(words[:4]) + " " + "".join(words[4:])


@pytest.mark.parametrize("said", ["我的回执码是{},麻烦快点", "码是 {} ,请查"])
def test_a_slip_within_a_sentence_is_asked_about_in_a_draft_and_in_a_visit(said: str) -> None:
    for state in (begun(), result_of(ConversationState(), VisitFound(visit())).state):
        asked = result_of(state, TextSent(said.format(slip()), "s9"))
        assert keys(asked) == ["confirm_slip"]
        assert asked.effects == ()
    assert result_of(asked.state, Pressed("take", "s9")).effects == (added(said.format(slip()), "s9"),)


def test_a_file_is_taken_at_once_and_a_slip_in_its_caption_only_when_its_writer_says_so() -> None:
    shown = result_of(begun(), FileSent(PHOTO, slip(), "s9"))
    assert shown.effects == (StorePiece("s9", "", PHOTO),)
    assert "confirm_slip" in keys(shown)
    assert result_of(shown.state, Pressed("take", "s9")).effects == (ReplacePiece("s9", slip()),)
    assert result_of(shown.state, Pressed("leave_out", "s9")).effects == ()


def test_during_a_visit_too_a_slip_in_a_caption_is_asked_about() -> None:
    shown = result_of(result_of(ConversationState(), VisitFound(visit())).state, FileSent(PHOTO, slip(), "s9"))
    assert shown.effects == (added("", "s9", PHOTO),)
    assert keys(shown) == ["confirm_slip"]
    assert result_of(shown.state, Pressed("take", "s9")).effects == (added(slip(), "s9"),)


def test_the_words_of_a_file_that_cannot_be_taken_are_asked_about_too() -> None:
    result = result_of(begun(), Unfit(UnfitKind.DAMAGED, slip(), "s9"))
    assert result.effects == ()
    assert "confirm_slip" in keys(result)


def test_an_edit_that_brings_a_slip_is_asked_about() -> None:
    state = result_of(begun(), TextSent("路坏了", "s9")).state
    asked = result_of(state, Edited("s9", slip()))
    assert keys(asked) == ["confirm_slip"]
    assert asked.effects == ()
    assert asked.state.draft == state.draft
    assert result_of(asked.state, Pressed("take", "s9")).effects == (ReplacePiece("s9", slip()),)


def test_during_a_visit_an_album_is_answered_once() -> None:
    state = result_of(ConversationState(), VisitFound(visit())).state
    first = result_of(state, FileSent(PHOTO, "", "s1", album="a"))
    second = result_of(first.state, FileSent(PHOTO, "", "s2", album="a"))
    assert first.effects == (added("", "s1", PHOTO),)
    assert second.effects == (replace(added("", "s2", PHOTO), without_reply=True),)


def test_a_button_of_another_visit_does_nothing() -> None:
    state = result_of(ConversationState(), VisitFound(visit())).state
    result = result_of(state, Pressed("withdraw_yes", ANOTHER))
    assert keys(result) == ["visit_over"]
    assert result.effects == ()


def test_withdrawing_asks_first() -> None:
    state = result_of(ConversationState(), VisitFound(visit())).state
    asked = result_of(state, Pressed("withdraw", COMPLAINT))
    assert keys(asked) == ["sure_to_withdraw"]
    assert asked.effects == ()
    assert result_of(asked.state, Pressed("withdraw_yes", COMPLAINT)).effects == (Withdraw(COMPLAINT),)


def test_after_a_complaint_was_erased_nothing_more_goes_into_it() -> None:
    state = result_of(ConversationState(), VisitFound(visit()), Withdrawal.ERASED).state
    assert state.is_over
    assert keys(result_of(state, TextSent("还在吗", "s1"))) == ["not_scanned"]


def test_a_scan_ends_a_visit() -> None:
    state = result_of(ConversationState(), VisitFound(visit()), Scanned(VILLAGE, "m1")).state
    assert state.visit is None
    assert [type(action) for action in result_of(state, TextSent("路灯不亮", "s1")).effects] == [StorePiece]


def test_forget_me_leaves_neither_draft_nor_address() -> None:
    state = result_of(begun(TextSent("路灯不亮", "s1")), VisitFound(visit())).state
    result = result_of(state, ResidentCommand.FORGET)
    assert result.state == ConversationState()
    assert [type(action) for action in result.effects] == [Discard, ForgetChat]


def test_solved_is_followed_by_three_faces() -> None:
    state = result_of(ConversationState(), VisitFound(visit())).state
    [reply] = result_of(state, EffectOutcome.SOLVED).replies
    assert isinstance(reply, Sentence)
    assert [choice.arg for choice in reply.choices[0]] == ["3", "2", "1"]


# ---- everything, at any time

sources = st.integers(0, 40).map(lambda number: f"s{number}")
marks = st.sampled_from(["m0", "m1", "m2"])
subjects = st.sampled_from(["", "m0", "m1", "m2", "R6", COMPLAINT, ANOTHER])
people_send = st.one_of(
    st.builds(Scanned, st.sampled_from([VILLAGE, OTHER_VILLAGE, OTHER_ROUND, SHUT]), marks),
    st.builds(TextSent, st.sampled_from(["路灯不亮", CODE, CODE[:6], "", "好"]), sources),
    st.builds(FileSent, st.just(PHOTO), st.sampled_from(["", "看"]), sources, st.none()),
    st.builds(Edited, sources, st.just("改过的")),
    st.builds(Unfit, st.sampled_from(UnfitKind)),
    st.sampled_from(ResidentCommand),
    st.builds(
        Pressed,
        st.sampled_from(sorted(DRAFT_ACTIONS | VISIT_ACTIONS | {"lang", "protection", "have_code", "moon"})),
        subjects,
        st.sampled_from(["", "head", "team", "tell", "road", "moon", "en", "1", "9"]),
    ),
)
things_come_of_it = st.one_of(
    st.just(Submitted(SUBMISSION)),
    st.builds(VisitFound, st.sampled_from([visit(), visit(ANOTHER)]), st.booleans()),
    st.sampled_from(EffectOutcome),
    st.sampled_from(Withdrawal),
)
talks = st.builds(
    ConversationState,
    st.sampled_from([None, "en"]),
    st.sampled_from([None, begun().draft, begun(TextSent("路灯不亮", "s1")).draft]),
    st.sampled_from([None, COMPLAINT]),
)


@given(talks, st.one_of(people_send, things_come_of_it))
def test_whatever_comes_in_wherever_one_is_it_is_answered(state: ConversationState, incoming: Incoming) -> None:
    result = step(state, incoming, CATEGORIES)
    assert result.replies or result.effects


class Resident(RuleBasedStateMachine):
    """Somebody who sends whatever comes to mind; beside it, a plain account of what must be kept."""

    def __init__(self) -> None:
        super().__init__()
        self.state = ConversationState()
        self.kept: dict[str, str] = {}
        self.said = 0

    @rule(incoming=people_send)
    def send(self, incoming: Incoming) -> None:
        if isinstance(incoming, TextSent | FileSent):  # every message of a chat has a number of its own
            self.said += 1
            incoming = replace(incoming, source=f"s{self.said}")
        result = step(self.state, incoming, CATEGORIES)
        assert result.replies or result.effects
        self.state = result.state
        for action in result.effects:
            match action:
                case StorePiece(source=source, text=text):
                    self.kept[source] = text
                case ReplacePiece(source=source, text=text):
                    assert source in self.kept
                    self.kept[source] = text
                case Submit(draft=draft):
                    assert {piece.source: piece.text for piece in draft.pieces} == self.kept
                    self.kept = {}
                    self.state = step(self.state, Submitted(SUBMISSION), CATEGORIES).state
                case Discard():
                    self.kept = {}
                case LookUp():
                    self.state = step(self.state, VisitFound(visit()), CATEGORIES).state

    @invariant()
    def nothing_said_is_lost(self) -> None:
        held = self.state.draft.pieces if self.state.draft else ()
        assert {piece.source: piece.text for piece in held} == self.kept


TestResident = Resident.TestCase


# ---- clearing the chat

TRAIL = Trail.fresh()


def test_what_ends_a_conversation_offers_to_clear_the_chat() -> None:
    state = replace(begun(TextSent("路灯不亮", "s1")), trail=str(TRAIL))
    offered = ((Choice("clear", "clear", str(TRAIL)),),)
    for ending in (Pressed("discard_yes", "m1"), ResidentCommand.FORGET):
        result = result_of(state, ending)
        assert [reply.choices for reply in result.replies if isinstance(reply, Sentence)] == [offered]
        assert result.state.is_over
    left = result_of(ConversationState(visit=COMPLAINT, trail=str(TRAIL)), Pressed("leave", COMPLAINT))
    assert [reply.choices for reply in left.replies if isinstance(reply, Sentence)] == [offered]


def test_clearing_is_asked_about_first_for_the_receipt_code_goes_too() -> None:
    asked = result_of(ConversationState(), Pressed("clear", str(TRAIL)))
    assert keys(asked) == ["sure_to_clear"]
    assert asked.effects == ()
    assert result_of(ConversationState(), Pressed("clear_now", str(TRAIL))).effects == (ClearChat(TRAIL),)
    later = result_of(ConversationState(), Pressed("clear_in", str(TRAIL), "8"))
    assert later.effects == (ClearChat(TRAIL, after_hours=8),)
    assert keys(later) == ["clears_later"]
    assert result_of(ConversationState(), Pressed("clear_not", str(TRAIL))).replies == (DeletePressed(),)


@pytest.mark.parametrize(
    "forged",
    [
        Pressed("clear", "x"),
        Pressed("clear_now", ""),
        Pressed("clear_in", "A" * 23, "1"),
        Pressed("picture", RECEIPT.pack()[:-1]),
        Pressed("picture", "0" * 22),
    ],
)
def test_a_forged_button_clears_and_draws_nothing(forged: Pressed) -> None:
    result = result_of(ConversationState(), forged)
    assert keys(result) == ["old_button"]
    assert result.effects == ()


@pytest.mark.parametrize("hours", ["0", "2", "-1", "999999", "x", ""])
def test_no_other_time_than_those_offered_is_kept(hours: str) -> None:
    assert result_of(ConversationState(), Pressed("clear_in", str(TRAIL), hours)).effects == ()


def test_the_command_clears_what_is_being_said_and_explains_itself_otherwise() -> None:
    assert keys(result_of(replace(begun(), trail=str(TRAIL)), ResidentCommand.CLEAR)) == ["sure_to_clear"]
    assert keys(result_of(ConversationState(), ResidentCommand.CLEAR)) == ["nothing_to_clear"]


def test_a_receipt_can_be_had_as_a_picture() -> None:
    assert result_of(ConversationState(), Pressed("picture", RECEIPT.pack(), str(TRAIL))).replies == (
        SendReceiptPicture(RECEIPT),
    )


@pytest.mark.parametrize("text", ["发送", "好了。", "Send", "發送！"])
def test_whoever_types_that_it_is_to_be_sent_is_shown_the_button(text: str) -> None:
    result = result_of(begun(TextSent("路灯不亮", "s1")), TextSent(text, "s2"))
    assert keys(result) == ["press_send"]
    assert card(result).draft.texts == ("路灯不亮",)
    assert result.effects == ()


def test_a_first_message_is_taken_whatever_it_says() -> None:
    assert result_of(begun(), TextSent("好了", "s1")).effects == (StorePiece("s1", "好了"),)
