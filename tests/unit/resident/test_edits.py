"""What a resident corrects is what is sent; where it cannot be, they hear so and what to do."""

import pytest

from handlers.resident.messages import (
    AddToComplaint,
    Edited,
    FileSent,
    Pressed,
    ReplacePiece,
    StorePiece,
    Submitted,
    TextSent,
    Unconfirmed,
    UnconfirmedKind,
    UnfitKind,
    VisitFound,
)
from media.kinds import Cleaned, FileKind
from models.complaints import MessageKind
from services.intake.drafts import Addition, ConversationState
from tests.unit.resident.test_conversation import (
    COMPLAINT,
    PHOTO,
    SUBMISSION,
    begun,
    card,
    keys,
    result_of,
    slip,
    visit,
)

NEW = Cleaned(FileKind.PHOTO, b"another jpeg")
FILM = Cleaned(FileKind.VIDEO, b"a film")


def photo(caption: str = "") -> FileSent:
    return FileSent(PHOTO, caption, "s1")


def test_a_caption_that_is_taken_away_is_gone_and_the_card_says_so() -> None:
    result = result_of(begun(photo("我家门口")), Edited("s1", "", PHOTO, has_file=True))
    assert keys(result) == ["edit_caption_gone"]
    assert card(result).draft.texts == ()
    assert card(result).draft.files == 1
    assert result.effects == (ReplacePiece("s1", "", PHOTO),)


def test_a_caption_that_comes_later_is_taken() -> None:
    result = result_of(begun(photo()), Edited("s1", "桥裂了", PHOTO, has_file=True))
    assert keys(result) == ["edit_taken"]
    assert card(result).draft.texts == ("桥裂了",)


@pytest.mark.parametrize("new", [NEW, FILM])
def test_a_photo_that_is_replaced_is_sent_as_it_is_now(new: Cleaned) -> None:
    result = result_of(begun(photo("桥")), Edited("s1", "桥", new, has_file=True))
    assert result.effects == (ReplacePiece("s1", "桥", new),)
    assert [piece.kind for piece in card(result).draft.pieces] == [MessageKind(new.kind)]


def test_a_photo_that_comes_under_a_text_is_taken() -> None:
    result = result_of(begun(TextSent("桥裂了", "s1")), Edited("s1", "桥裂了", PHOTO, has_file=True))
    assert (card(result).draft.files, card(result).draft.texts) == (1, ("桥裂了",))


@pytest.mark.parametrize(
    ("edited", "said"),
    [
        (Edited("s1", "新的话", unfit=UnfitKind.PROTECTED, has_file=True), ["unfit_protected", "edit_file_kept"]),
        (Edited("s1", "新的话", has_file=True), ["edit_file_kept"]),  # it was not fetched: the draft is full
    ],
)
def test_a_file_that_cannot_be_taken_in_place_of_another_is_said_not_to_be(edited: Edited, said: list[str]) -> None:
    result = result_of(begun(photo("旧的话")), edited)
    assert keys(result) == [*said, "edit_taken"]
    assert result.effects == (ReplacePiece("s1", "新的话"),)
    assert card(result).draft.files == 1


def test_a_message_that_reads_as_before_is_answered_with_the_card_alone() -> None:
    result = result_of(begun(TextSent("路灯不亮", "s1")), Edited("s1", "路灯不亮"))
    assert keys(result) == []
    assert result.effects == ()
    assert card(result).draft.texts == ("路灯不亮",)


def test_a_receipt_code_gone_wrong_in_a_new_caption_is_asked_about_and_the_new_photo_taken() -> None:
    result = result_of(begun(photo("桥")), Edited("s1", slip(), NEW, has_file=True))
    assert result.effects == (ReplacePiece("s1", "桥", NEW),)
    assert keys(result)[-1] == "confirm_slip"
    assert result_of(result.state, Pressed("take", "s1")).effects == (ReplacePiece("s1", slip()),)


def just_sent() -> ConversationState:
    return result_of(begun(TextSent("路灯不亮", "s1")), Pressed("send", "m1"), Submitted(SUBMISSION)).state


def visiting() -> ConversationState:
    return result_of(ConversationState(), VisitFound(visit())).state


@pytest.mark.parametrize("state", [just_sent(), visiting()])
def test_what_is_sent_stays_and_what_it_says_now_can_be_added(state: ConversationState) -> None:
    result = result_of(state, Edited("s1", "路灯全不亮"))
    assert keys(result) == ["edit_after_sending"]
    assert result.effects == ()
    [added] = result_of(result.state, Pressed("take", "s1")).effects
    assert added == AddToComplaint(COMPLAINT, Addition(lines=(("s1", "路灯全不亮"),)))
    left = result_of(result.state, Pressed("leave_out", "s1"))
    assert (keys(left), left.effects) == (["left_out"], ())


@pytest.mark.parametrize("edited", [Edited("s1", ""), Edited("s1", "", PHOTO, has_file=True)])
def test_what_is_sent_and_taken_away_is_said_to_stay(edited: Edited) -> None:
    assert keys(result_of(visiting(), edited)) == ["edit_too_late"]


def test_what_is_asked_about_is_added_as_it_reads_now() -> None:
    asked = result_of(just_sent(), TextSent("线上还冒火花", "s7"), TextSent("没人管", "s8"))
    changed = result_of(asked.state, Edited("s7", "线上不冒火花了"))
    assert keys(changed) == ["edit_taken"]
    [added] = result_of(changed.state, Pressed("put_in", COMPLAINT)).effects
    assert added == AddToComplaint(COMPLAINT, Addition(lines=(("s7", "线上不冒火花了"), ("s8", "没人管"))))


def test_what_waits_for_a_yes_is_taken_as_it_reads_now() -> None:
    asked = result_of(begun(), TextSent(slip(), "s7"))
    changed = result_of(asked.state, Edited("s7", "其实是路灯坏了"))
    assert keys(changed) == ["edit_offered"]
    assert StorePiece("s7", "其实是路灯坏了", None) in result_of(changed.state, Pressed("take", "s7")).effects


def test_a_live_location_is_asked_about_as_the_one_place_it_is() -> None:
    asked = result_of(begun(), Unconfirmed(UnconfirmedKind.LIVE_LOCATION, "25.0, 102.0", "s7"))
    assert keys(asked) == ["confirm_live_location"]


def test_an_answer_to_a_message_of_another_chat_is_taken_and_the_other_said_not_to_be_seen() -> None:
    result = result_of(begun(), TextSent("这不对", "s7", points_elsewhere=True))
    assert keys(result) == ["not_seen_there"]
    assert card(result).draft.texts == ("这不对",)
