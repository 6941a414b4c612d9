"""What is said once a complaint was sent or visited, or before there is anything: each kind is answered in its way."""

from dataclasses import replace

import pytest

from handlers.resident.messages import (
    AdditionPreview,
    AddToComplaint,
    ConversationResult,
    DeletePressed,
    DraftPreview,
    Edited,
    EffectOutcome,
    FileSent,
    LookUp,
    Pressed,
    ResidentCommand,
    Scanned,
    Sentence,
    ShowVisit,
    StorePiece,
    Submitted,
    TextSent,
    VisitFound,
    VisitSummary,
)
from privacy.receipt import Script
from services.intake.drafts import MOST_PIECES, Addition, ConversationState
from services.intake.understanding import TextKind
from tests.unit.resident.test_conversation import (
    ANOTHER,
    COMPLAINT,
    PHOTO,
    RECEIPT,
    SUBMISSION,
    VILLAGE,
    begun,
    card,
    keys,
    result_of,
    slip,
    visit,
)

SENT = result_of(begun(TextSent("路灯不亮", "s1")), Submitted(SUBMISSION)).state
VISITED = result_of(ConversationState(), VisitFound(visit())).state
MORE = "线上还冒火花"
FIRST, SECOND = ("".join(RECEIPT.words(Script.SIMPLIFIED)[part]) for part in (slice(4), slice(4, 8)))


def text(said: str, kind: TextKind = TextKind.COMPLAINT, *, source: str = "s9", has_words: bool = True) -> TextSent:
    return TextSent(said, source, kind, has_words)


def said(*lines: tuple[str, str]) -> Addition:
    """Return what is to be added, each line with its source behind it."""
    return Addition(lines=tuple((source, line) for line, source in lines))


def actions(result: ConversationResult) -> list[str]:
    sentences = [reply for reply in result.replies if isinstance(reply, Sentence)]
    return [choice.action for one in sentences for row in one.choices for choice in row]


# ---- after sending


def test_after_sending_the_complaint_stays_open() -> None:
    assert SENT.visit == COMPLAINT
    assert not SENT.takes_all


BOTH = pytest.mark.parametrize("state", [SENT, VISITED], ids=["just sent", "visited"])


@BOTH
def test_what_is_said_is_shown_and_added_by_one_press(state: ConversationState) -> None:
    shown = result_of(state, text(MORE))
    assert shown.replies == (AdditionPreview(COMPLAINT, said((MORE, "s9"))),)
    assert shown.effects == ()
    added = result_of(shown.state, Pressed("put_in", COMPLAINT))
    assert added.effects == (AddToComplaint(COMPLAINT, said((MORE, "s9"))),)
    assert added.state.addition is None
    assert keys(result_of(added.state, Pressed("put_in", COMPLAINT))) == ["old_button"]


@BOTH
def test_several_lines_are_one_thing_and_added_by_one_press(state: ConversationState) -> None:
    shown = result_of(state, text(MORE, source="s8"), text("就在小学门口"))
    both = said((MORE, "s8"), ("就在小学门口", "s9"))
    assert shown.replies == (AdditionPreview(COMPLAINT, both),)
    assert both.text == f"{MORE}\n就在小学门口"
    assert result_of(shown.state, Pressed("put_in", COMPLAINT)).effects == (AddToComplaint(COMPLAINT, both),)


def test_more_lines_than_a_draft_holds_are_not_taken() -> None:
    lines = [text(f"第{number}句", source=f"s{number}") for number in range(MOST_PIECES)]
    full = result_of(VISITED, *lines, text(MORE, source="t"))
    assert keys(full) == ["full_addition"]
    assert full.state.addition is not None
    assert len(full.state.addition.lines) == MOST_PIECES


def test_an_edit_of_a_line_that_waits_changes_it() -> None:
    edited = result_of(VISITED, text("线上冒火", source="s8"), text("在村口"), Edited("s8", MORE))
    assert keys(edited) == ["edit_taken"]
    assert edited.state.addition == said((MORE, "s8"), ("在村口", "s9"))


def test_whom_it_concerns_is_turned_by_a_press_and_stays_so() -> None:
    turned = result_of(VISITED, text(MORE), Pressed("put_toggle", COMPLAINT, "head"))
    [shown] = turned.replies
    assert isinstance(shown, AdditionPreview)
    assert (shown.addition.concerns_head, shown.in_place) == (True, True)
    more = result_of(turned.state, text("在村口", source="t")).state.addition
    assert more is not None
    assert more.concerns_head
    assert more.decided == {"head"}


@pytest.mark.parametrize("kind", [TextKind.THANKS, TextKind.QUESTION])
def test_among_other_lines_thanks_and_questions_are_part_of_what_is_added(kind: TextKind) -> None:
    gathered = result_of(SENT, text(MORE, source="s8"), text("你们来看嘛", kind))
    assert gathered.state.addition == said((MORE, "s8"), ("你们来看嘛", "s9"))


def test_a_wish_to_withdraw_among_other_lines_offers_the_button_and_leaves_them() -> None:
    asked = result_of(SENT, text(MORE, source="s8"), text("我不想告了", TextKind.WITHDRAW_WISH))
    assert keys(asked) == ["sure_to_withdraw"]
    assert asked.state.addition == said((MORE, "s8"))


def test_whoever_types_that_they_are_done_is_shown_the_button() -> None:
    typed = result_of(SENT, text(MORE, source="s8"), text("好了"))
    assert keys(typed) == ["press_add_it"]
    assert typed.state.addition == said((MORE, "s8"))


@pytest.mark.parametrize("leaving", [VisitFound(visit(ANOTHER)), Scanned(VILLAGE, "m2")])
def test_what_waits_to_be_added_is_not_added_to_another_and_its_writer_hears_that_it_is_gone(
    leaving: VisitFound | Scanned,
) -> None:
    left = result_of(SENT, text(MORE, source="s8"), leaving)
    assert keys(left) == ["not_added_left"]
    assert left.state.addition is None


def test_whoever_leaves_before_adding_hears_that_nothing_was_kept() -> None:
    assert keys(result_of(VISITED, text(MORE), Pressed("leave", COMPLAINT))) == ["left_without_adding"]
    assert keys(result_of(VISITED, Pressed("leave", COMPLAINT))) == ["left"]


def test_what_was_not_meant_for_it_is_left_out() -> None:
    left_out = result_of(SENT, text("儿子,饭好了"), Pressed("put_away", COMPLAINT))
    assert keys(left_out) == ["left_out"]
    assert left_out.effects == ()
    assert left_out.state.addition is None
    assert left_out.state.just_sent


def test_a_photo_after_sending_is_added_at_once() -> None:
    assert result_of(SENT, FileSent(PHOTO, "", "s9")).effects == (AddToComplaint(COMPLAINT, said(("", "s9")), PHOTO),)


@BOTH
def test_thanks_are_thanked_and_can_be_passed_on(state: ConversationState) -> None:
    thanked = result_of(state, text("谢谢", TextKind.THANKS))
    assert keys(thanked) == ["thanked"]
    assert thanked.effects == ()
    assert result_of(thanked.state, Pressed("take", "s9")).effects == (AddToComplaint(COMPLAINT, said(("谢谢", "s9"))),)


@BOTH
def test_a_question_is_answered_with_where_the_matter_stands_and_can_be_passed_on(state: ConversationState) -> None:
    asked = result_of(state, text("什么时候答复", TextKind.QUESTION))
    assert asked.effects == (ShowVisit(COMPLAINT),)
    shown = result_of(asked.state, VisitFound(visit()))
    assert shown.replies == (VisitSummary(visit(), draft_waits=False, offered="s9"),)
    assert result_of(shown.state, Pressed("take", "s9")).effects == (
        AddToComplaint(COMPLAINT, said(("什么时候答复", "s9"))),
    )


@BOTH
def test_a_wish_to_withdraw_said_in_words_offers_the_button(state: ConversationState) -> None:
    asked = result_of(state, text("我不想告了", TextKind.WITHDRAW_WISH))
    assert keys(asked) == ["sure_to_withdraw"]
    assert "withdraw_yes" in actions(asked)
    assert asked.effects == ()


@BOTH
def test_emoji_alone_are_asked_about_and_not_lost(state: ConversationState) -> None:
    asked = result_of(state, text("😭", has_words=False))
    assert keys(asked) == ["say_in_words"]
    assert result_of(asked.state, Pressed("take", "s9")).effects == (AddToComplaint(COMPLAINT, said(("😭", "s9"))),)


@BOTH
def test_who_asks_who_reported_is_refused_there_too(state: ConversationState) -> None:
    refused = result_of(state, text("谁举报的", TextKind.ASKS_FOR_REPORTER))
    assert keys(refused) == ["nobody_knows_who"]
    assert refused.effects == ()


def test_scanning_again_begins_something_new() -> None:
    assert [type(one) for one in result_of(begun(), text(MORE)).effects] == [StorePiece]


def test_the_answer_to_a_press_takes_the_place_of_the_question() -> None:
    [said] = result_of(SENT, EffectOutcome.ADDED).replies
    assert isinstance(said, Sentence)
    assert said.in_place


def test_clearing_the_chat_ends_the_visit() -> None:
    trail = "A" * 22
    state = replace(SENT, trail=trail)
    assert result_of(state, Pressed("clear_now", trail)).state.is_over
    assert result_of(state, ResidentCommand.CANCEL).state.is_over


# ---- in a draft


def test_who_asks_who_reported_is_refused_with_an_open_draft_which_stays_as_it_is() -> None:
    state = begun(TextSent("路灯不亮", "s1"))
    refused = result_of(state, text("到底是谁告的状", TextKind.ASKS_FOR_REPORTER))
    assert keys(refused) == ["nobody_knows_who"]
    assert refused.effects == ()
    assert card(refused).draft == state.draft
    # A complaint that was taken for such a question is not lost.
    taken = result_of(refused.state, Pressed("take", "s9"))
    assert taken.effects == (StorePiece("s9", "到底是谁告的状"),)
    assert DeletePressed() in taken.replies


def test_a_wish_to_withdraw_is_answered_with_how_to_and_begins_no_complaint() -> None:
    answered = result_of(begun(), text("我要撤回", TextKind.WITHDRAW_WISH))
    assert keys(answered) == ["withdraw_by_code"]
    assert answered.effects == ()
    assert actions(answered) == ["have_code", "take"]
    assert [type(one) for one in result_of(answered.state, Pressed("take", "s9")).effects] == [StorePiece]


@pytest.mark.parametrize("kind", [TextKind.THANKS, TextKind.QUESTION, TextKind.ADD_TO_EARLIER])
def test_thanks_questions_and_additions_to_something_earlier_are_answered_and_may_be_sent(kind: TextKind) -> None:
    answered = result_of(begun(), text("谢谢你们", kind))
    assert keys(answered) == [f"begins_with_{kind}"]
    assert card(answered).draft.texts == ("谢谢你们",)


@pytest.mark.parametrize("kind", [TextKind.THANKS, TextKind.QUESTION, TextKind.ADD_TO_EARLIER, TextKind.LITIGATION])
def test_within_a_complaint_they_are_part_of_it(kind: TextKind) -> None:
    taken = result_of(begun(TextSent("路灯不亮", "s1")), text("谢谢,什么时候能修", kind))
    assert keys(taken) == []
    assert [type(one) for one in taken.effects] == [StorePiece]


def test_whoever_wants_to_take_back_while_writing_is_asked_which() -> None:
    state = begun(TextSent("路灯不亮", "s1"))
    asked = result_of(state, text("我不想告了", TextKind.WITHDRAW_WISH))
    assert keys(asked) == ["withdraw_which"]
    assert asked.effects == ()
    sure = result_of(asked.state, Pressed("discard_apart", "m1"))
    assert keys(sure) == ["sure_to_discard"]
    kept = result_of(sure.state, Pressed("keep", "m1"))
    assert card(kept).draft.texts == ("路灯不亮",)


@pytest.mark.parametrize("kind", [TextKind.ADVERT, TextKind.LITIGATION])
def test_an_advertisement_and_a_lawsuit_are_taken_like_anything_else(kind: TextKind) -> None:
    taken = result_of(begun(), text("加薇信刷单", kind))
    assert taken.replies == (DraftPreview(card(taken).draft),)
    assert [type(one) for one in taken.effects] == [StorePiece]


# ---- before anything was scanned


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (TextKind.THANKS, "thanked_only"),
        (TextKind.QUESTION, "question_needs_code"),
        (TextKind.WITHDRAW_WISH, "withdraw_by_code"),
        (TextKind.ASKS_FOR_REPORTER, "nobody_knows_who"),
        (TextKind.COMPLAINT, "not_scanned"),
        (TextKind.ADVERT, "not_scanned"),
        (TextKind.ADD_TO_EARLIER, "not_scanned"),
    ],
)
def test_without_a_code_each_kind_is_answered_in_its_way(kind: TextKind, key: str) -> None:
    answered = result_of(ConversationState(), text("在吗", kind))
    assert keys(answered) == [key]
    assert answered.effects == ()
    assert answered.state.is_over


# ---- a receipt code in two messages


def test_a_receipt_code_in_two_messages_of_four_is_looked_up() -> None:
    first = result_of(ConversationState(), text(FIRST))
    assert keys(first) == ["half_of_code"]
    assert result_of(first.state, text(SECOND)).effects == (LookUp(RECEIPT),)


@pytest.mark.parametrize("script", Script)
def test_the_halves_may_be_in_any_script(script: Script) -> None:
    words = RECEIPT.words(script)
    said = [" ".join(words[:4]), " ".join(words[4:])]
    assert result_of(ConversationState(), *(text(one) for one in said)).effects == (LookUp(RECEIPT),)


def test_after_sending_too_a_code_in_two_messages_is_looked_up() -> None:
    assert result_of(SENT, text(FIRST), text(SECOND)).effects == (LookUp(RECEIPT),)


@BOTH
def test_the_first_half_of_a_code_is_asked_about_in_a_visit_and_goes_into_no_complaint(
    state: ConversationState,
) -> None:
    first = result_of(state, text(FIRST))
    assert keys(first) == ["half_of_code_or_words"]
    assert (first.effects, first.state.addition) == ((), None)
    second = result_of(first.state, text(SECOND))
    assert second.effects == (LookUp(RECEIPT),)
    assert (second.state.addition, second.state.offered) == (None, None)
    meant = result_of(first.state, Pressed("take", "s9"))
    assert meant.effects == (AddToComplaint(COMPLAINT, said((FIRST, "s9"))),)


@pytest.mark.parametrize("before", [FIRST, slip()], ids=["half of it", "with a word wrong"])
def test_what_was_asked_about_before_the_whole_code_is_not_offered_to_be_passed_on(before: str) -> None:
    found = result_of(VISITED, text(before, source="s8"), text(RECEIPT.text(Script.SIMPLIFIED)), VisitFound(visit()))
    [summary] = [reply for reply in found.replies if isinstance(reply, VisitSummary)]
    assert summary.offered is None
    assert keys(result_of(found.state, Pressed("take", "s8"))) == ["old_button"]


def test_half_a_code_among_other_lines_leaves_them_once_the_other_half_is_there() -> None:
    found = result_of(VISITED, text(MORE, source="s8"), text(FIRST), text(SECOND, source="t"))
    assert found.effects == (LookUp(RECEIPT),)
    assert found.state.addition == said((MORE, "s8"))


def test_two_halves_in_a_visit_that_miss_a_code_by_a_word_are_taken_only_when_their_writer_says_so() -> None:
    asked = result_of(VISITED, text(FIRST, source="s8"), text(FIRST))
    assert keys(asked) == ["confirm_slip"]
    assert (asked.effects, asked.state.addition) == ((), None)


def test_two_halves_that_are_of_no_code_are_answered() -> None:
    assert keys(result_of(ConversationState(), text(SECOND), text(SECOND))) == ["mistyped_check_fails"]


def test_half_a_code_with_something_between_is_half_a_code_again() -> None:
    between = result_of(ConversationState(), text(FIRST), text("路灯不亮很久了"), text(SECOND))
    assert keys(between) == ["half_of_code"]


def test_four_characters_in_a_draft_are_part_of_what_is_said() -> None:
    taken = result_of(begun(), text(FIRST))
    assert [type(one) for one in taken.effects] == [StorePiece]
