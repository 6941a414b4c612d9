"""A piece of a draft can be taken out before it is sent: words can be put back, a file is asked about first."""

import pytest

from handlers.resident.messages import DropPiece, FileSent, Pressed, Sentence, StorePiece, TextSent, VisitFound
from tests.unit.resident.test_conversation import COMPLAINT, PHOTO, begun, card, keys, result_of, visit

TWO = (TextSent("路灯不亮", "s1"), TextSent("桥也裂了", "s2"))


def test_words_are_taken_out_and_the_preview_shows_the_rest() -> None:
    result = result_of(begun(*TWO), Pressed("drop", "m1", "s1"))
    assert keys(result) == ["dropped"]
    assert card(result).draft.texts == ("桥也裂了",)
    assert result.effects == (DropPiece("s1"),)


def test_words_that_were_taken_out_can_be_put_back() -> None:
    dropped = result_of(begun(*TWO), Pressed("drop", "m1", "s1"))
    [sentence] = [reply for reply in dropped.replies if isinstance(reply, Sentence)]
    [[choice]] = sentence.choices
    result = result_of(dropped.state, Pressed(choice.action, choice.subject))
    assert card(result).draft.texts == ("桥也裂了", "路灯不亮")
    assert result.effects == (StorePiece("s1", "路灯不亮"),)


def test_a_file_is_taken_out_only_when_asked_again() -> None:
    state = begun(TextSent("路灯不亮", "s1"), FileSent(PHOTO, "", "s2"))
    asked = result_of(state, Pressed("drop", "m1", "s2"))
    assert keys(asked) == ["sure_to_drop"]
    assert asked.state == state
    result = result_of(asked.state, Pressed("drop_yes", "m1", "s2"))
    assert card(result).draft.files == 0
    assert result.effects == (DropPiece("s2"),)


def test_the_last_piece_leaves_a_draft_in_which_one_can_write_on() -> None:
    result = result_of(begun(TWO[0]), Pressed("drop", "m1", "s1"))
    assert keys(result) == ["dropped"]
    assert result.state.draft is not None
    assert result.state.draft.pieces == ()


@pytest.mark.parametrize("action", ["drop", "drop_yes"])
def test_what_is_taken_out_already_is_not_taken_out_twice(action: str) -> None:
    result = result_of(begun(*TWO), Pressed("drop", "m1", "s1"), Pressed(action, "m1", "s1"))
    assert card(result).draft.texts == ("桥也裂了",)
    assert result.effects == ()


def test_words_of_a_draft_are_not_offered_to_the_complaint_that_is_visited() -> None:
    state = result_of(begun(*TWO), VisitFound(visit())).state
    assert state.visit == COMPLAINT
    result = result_of(state, Pressed("drop", "m1", "s1"))
    assert result.state.offered is None
    [sentence] = [reply for reply in result.replies if isinstance(reply, Sentence)]
    assert sentence.choices == ()
