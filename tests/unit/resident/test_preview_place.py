"""Where the preview of a draft comes to stand: one card, changed in place as long as it can be seen."""

from dataclasses import replace

import pytest

from handlers.resident.conversation import step
from handlers.resident.messages import (
    AdditionPreview,
    DeletePressed,
    DraftPreview,
    EffectOutcome,
    FileSent,
    Greeting,
    Incoming,
    Pressed,
    ReceiptMessage,
    Reply,
    ResidentCommand,
    Scanned,
    Sentence,
    Submitted,
    TextSent,
    VisitFound,
)
from handlers.resident.preview_place import MOST_BELOW, MOST_BELOW_IN_CRISIS, place_previews
from models.urgency import Urgency
from services.delivery.transport import EVERYTHING, Capabilities
from services.intake.drafts import ConversationState
from services.intake.understanding import NOTHING, Crisis, StoredUnderstanding
from services.outbox import PreviewPlace
from tests.unit.resident.test_conversation import CATEGORIES, COMPLAINT, PHOTO, SUBMISSION, VILLAGE, visit

SHORT = ("村口的路灯坏了", "三个月了", "晚上看不见", "老人摔过", "找过村里", "没人管")
FIRST, IN_PLACE, AT_END = PreviewPlace


class Chat:
    """A chat in which things come in one after another, as its preview is placed."""

    def __init__(self, capabilities: Capabilities = EVERYTHING) -> None:
        self.state = ConversationState()
        self.capabilities = capabilities
        self.replies: tuple[Reply, ...] = ()
        self.comes_in(Scanned(VILLAGE, "m1"))

    def comes_in(self, incoming: Incoming) -> PreviewPlace | None:
        before = self.state
        result = step(before, incoming, CATEGORIES)
        self.state, self.replies = place_previews(before, result.state, incoming, result.replies, self.capabilities)
        previews = [one for one in self.replies if isinstance(one, DraftPreview | AdditionPreview)]
        places = [one.place for one in previews if not one.in_place]
        return places[0] if places else None

    def turns_to(self, understood: StoredUnderstanding) -> PreviewPlace:
        """Say a line with which the draft comes to mean this."""
        before, line = self.state, TextSent("一句", f"s{len(self.state.draft.pieces) if self.state.draft else 0}")
        result = step(before, line, CATEGORIES)
        assert result.state.draft is not None
        draft = replace(result.state.draft, understood=understood)
        shown = [DraftPreview(draft)]
        self.state, placed = place_previews(before, replace(result.state, draft=draft), line, shown, self.capabilities)
        [preview] = placed
        assert isinstance(preview, DraftPreview)
        return preview.place

    def says(self, text: str) -> PreviewPlace | None:
        return self.comes_in(TextSent(text, text))

    def sends(self) -> None:
        before, submitted = self.state, Submitted(SUBMISSION)
        pressed = Pressed("send", "m1")
        result = step(before, submitted, CATEGORIES)
        self.state, self.replies = place_previews(before, result.state, pressed, result.replies, self.capabilities)


def test_six_short_lines_draw_one_preview_that_is_changed() -> None:
    chat = Chat()
    assert [chat.says(line) for line in SHORT] == [FIRST, *[IN_PLACE] * 5]


def test_an_album_draws_one() -> None:
    chat = Chat()
    assert chat.says("这是照片") is FIRST
    shown = [chat.comes_in(FileSent(PHOTO, "", f"p{number}", "album")) for number in range(2)]
    assert shown == [AT_END, IN_PLACE]  # below the pictures, where it is seen
    alone = Chat()
    assert [alone.comes_in(FileSent(PHOTO, "", f"p{number}", "album")) for number in range(2)] == [FIRST, IN_PLACE]


def test_a_preview_that_was_pushed_far_up_is_said_once_more_at_the_end() -> None:
    chat = Chat()
    chat.says("开头")
    assert chat.says("很长的一段话" * 60) is AT_END
    assert chat.says("接着说") is IN_PLACE  # it can be seen again


def test_many_short_lines_bring_it_down_now_and_then() -> None:
    chat = Chat()
    places = [chat.says(f"第{number}句") for number in range(30)]
    assert places.count(FIRST) == 1
    assert places.count(AT_END) == 29 // (MOST_BELOW + 1)
    assert places.index(AT_END) == MOST_BELOW + 1


def test_what_we_say_ourselves_brings_it_down() -> None:
    chat = Chat()
    chat.says("路灯不亮")
    assert chat.comes_in(ResidentCommand.HELP) is AT_END
    assert chat.says("三个月了") is IN_PLACE


def test_a_press_on_the_preview_leaves_it_where_it_is() -> None:
    chat = Chat()
    chat.says("路灯不亮")
    chat.comes_in(Pressed("toggle", "m1", "tell"))
    assert [reply for reply in chat.replies if isinstance(reply, DraftPreview) and reply.in_place]
    assert chat.says("三个月了") is IN_PLACE


def test_the_next_draft_has_a_preview_of_its_own() -> None:
    chat = Chat()
    chat.says("路灯不亮")
    chat.sends()
    chat.comes_in(Scanned(VILLAGE, "m2"))
    assert isinstance(chat.replies[0], Greeting)
    assert chat.says("水渠堵了") is FIRST


def test_the_receipt_takes_the_place_of_the_preview_that_comes_last() -> None:
    chat = Chat()
    chat.says("路灯不亮")
    chat.sends()
    assert [(type(reply), getattr(reply, "in_place", None)) for reply in chat.replies] == [(ReceiptMessage, True)]


def test_with_lines_below_it_the_receipt_comes_last_and_the_preview_goes() -> None:
    chat = Chat()
    for line in SHORT:
        chat.says(line)
    chat.sends()
    receipt, gone = chat.replies
    assert isinstance(receipt, ReceiptMessage)
    assert not receipt.in_place
    assert gone == DeletePressed()


# ---- of what is to be added to a complaint


def visiting() -> Chat:
    chat = Chat()
    chat.comes_in(VisitFound(visit()))
    return chat


def test_six_short_lines_in_a_visit_draw_one_preview_too() -> None:
    chat = visiting()
    assert [chat.says(line) for line in SHORT] == [FIRST, *[IN_PLACE] * 5]


def test_what_was_added_is_said_in_place_of_its_preview_or_below_all_lines() -> None:
    for lines in (SHORT[:1], SHORT):
        chat = visiting()
        for line in lines:
            chat.says(line)
        before = chat.state
        result = step(replace(before, addition=None), EffectOutcome.ADDED, CATEGORIES)
        _, placed = place_previews(before, result.state, Pressed("put_in", COMPLAINT), result.replies, EVERYTHING)
        said = placed[0]
        assert isinstance(said, Sentence)
        assert said.in_place == (len(lines) == 1)
        assert (DeletePressed() in placed) == (len(lines) > 1)


def test_the_preview_of_a_draft_that_waits_is_counted_by_itself() -> None:
    chat = Chat()
    chat.says("路灯不亮")
    chat.comes_in(VisitFound(visit()))
    assert chat.says("村口那口") is FIRST
    assert chat.says("往东一里") is IN_PLACE
    assert chat.comes_in(Pressed("leave", COMPLAINT)) is AT_END  # the draft's, once more


# ---- in a crisis


def in_crisis(*crises: Crisis) -> StoredUnderstanding:
    return StoredUnderstanding("", 1, replace(NOTHING, urgency=Urgency.CRISIS, crises=crises))


def test_the_preview_that_tells_of_a_crisis_comes_last_and_stays_in_sight() -> None:
    chat = Chat()
    chat.says("路灯不亮")
    assert chat.turns_to(in_crisis(Crisis.SELF_HARM)) is AT_END
    places = [chat.turns_to(in_crisis(Crisis.SELF_HARM)) for _ in range(MOST_BELOW_IN_CRISIS + 1)]
    assert places == [*[IN_PLACE] * MOST_BELOW_IN_CRISIS, AT_END]
    assert chat.turns_to(in_crisis(Crisis.SELF_HARM, Crisis.VIOLENCE)) is AT_END


# ---- on any channel


@pytest.mark.parametrize("editing", [True, False])
def test_where_nothing_can_be_changed_each_line_is_answered_and_an_album_once(editing: bool) -> None:
    chat = Chat(replace(EVERYTHING, editing=editing, deletion=editing))
    chat.says("路灯不亮")
    assert chat.says("三个月了") is (IN_PLACE if editing else AT_END)
    album = [chat.comes_in(FileSent(PHOTO, "", f"p{number}", "a")) for number in range(2)]
    assert (None in album) != editing
    chat.says("说完了")
    chat.sends()
    assert (DeletePressed() in chat.replies) == editing
