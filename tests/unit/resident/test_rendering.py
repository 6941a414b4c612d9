"""Every reply of the conversation in every language: it exists, it fits, and it shows what it should."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from handlers.press import MAX_BYTES, unpack
from handlers.resident.messages import (
    AdditionPreview,
    CategoryGrid,
    CrisisHelp,
    DraftPreview,
    EffectOutcome,
    Greeting,
    PrivacyNotice,
    ReceiptMessage,
    Sentence,
    TextReply,
    UnfitKind,
    VisitSummary,
)
from handlers.resident.rendering import WITH_HEADING, Renderer, category_name, team_message_parts
from models.complaints import MessageKind
from models.rounds import PlaceKind
from models.states import CaseState
from models.urgency import Urgency
from privacy.receipt import MistypeKind, Script, new_receipt, read_receipt
from privacy.traces import Mention, find_mentions
from privacy.trail import Trail
from services.access.contacts import OfficeContacts
from services.cases.decide import Referral, RefusalReason
from services.cases.dialogue import TeamMessage
from services.cases.texts_on_phones import OnPhones
from services.delivery.transport import EVERYTHING
from services.directory import CategoryRecord
from services.intake import drafts
from services.intake.drafts import Addition, Draft, Piece
from services.intake.place import Place, ShutBecause
from services.intake.route import Because, Promise, ReadBy
from services.intake.submit import Submission
from services.intake.understanding import NOTHING, Crisis, StoredUnderstanding, Topic
from services.intake.visit import ReporterAction, Visit, Withdrawal
from tests.sample import SAMPLE
from texts.catalogue import LANGUAGES, Words

THE_CARRIER = {"zh_Hans": "聊天软件的公司", "zh_Hant": "聊天軟體的公司", "en": "The company behind this chat app"}
LONGEST = 4096  # of a Telegram message, in UTF-16 units once its entities are read
CODES = [category["code"] for category in json.loads(SAMPLE.read_text(encoding="utf-8"))["categories"]]
CATEGORIES = [CategoryRecord(code=code, zh_hans=code, zh_hant=code) for code in CODES]
VILLAGE = Place("R6", PlaceKind.VILLAGE, "V06", "第六轮", "双槐<村>", "V06", "U2", "T2", "第二组")
ROUND = Place("R6", PlaceKind.ROUND, None, "第六轮")
RECEIPT = new_receipt(lambda count: bytes(range(count)))
COMPLAINT = "a" * 32
TRAIL = str(Trail.fresh())

every_language = pytest.mark.parametrize("language", LANGUAGES)


def speaker(language: str) -> Renderer:
    return Renderer(language, CATEGORIES)


def a_draft(*texts: str, place: Place = VILLAGE, concerns_head: bool = False, concerns_team: bool = False) -> Draft:
    pieces = tuple(Piece(str(number), MessageKind.TEXT, text) for number, text in enumerate(texts))
    return Draft("12345678", place, pieces, concerns_head=concerns_head, concerns_team=concerns_team)


def a_visit(*lines: TeamMessage, asked: bool = False, state: CaseState = CaseState.ASSIGNED) -> Visit:
    return Visit(COMPLAINT, state, date(2026, 10, 14), lines, 1, 2, asked, False, frozenset(ReporterAction))


def the_only(speaking: Renderer, reply: DraftPreview | Greeting | Sentence | ReceiptMessage | CategoryGrid) -> str:
    [message] = speaking.messages(reply)
    return message.text


def length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def test_the_texts_of_a_draft_are_searched_once_for_its_card(monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[Sequence[str]] = []

    def search(texts: Sequence[str]) -> tuple[Mention, ...]:
        searched.append(texts)
        return find_mentions(texts)

    monkeypatch.setattr(drafts, "find_mentions", search)
    the_only(speaker("zh_Hans"), DraftPreview(a_draft("电话1380013", "8000")))
    assert searched == [("电话1380013", "8000")]


@every_language
def test_every_sentence_the_conversation_may_choose_exists(language: str) -> None:
    words = Words(language)
    wanted = [
        *(f"resident.unfit_{kind}" for kind in UnfitKind),
        *(f"resident.shut_{reason}" for reason in ShutBecause),
        *(f"resident.mistyped_{kind}" for kind in MistypeKind),
        *(f"resident.state_{state}" for state in CaseState),
        *(f"resident.withdrawal_{outcome}" for outcome in Withdrawal),
        *(f"resident.{outcome}" for outcome in EffectOutcome),
        *(f"resident.line_{kind}" for kind in (MessageKind.TEXT, MessageKind.QUESTION, MessageKind.ANSWER)),
        *(f"resident.reason_{reason}" for reason in RefusalReason),
        *(f"resident.referral_{referral}" for referral in Referral),
        *(f"category.{code}" for code in CODES),
    ]
    assert [key for key in wanted if not words.has(key)] == []


@every_language
def test_the_greeting_names_the_team_and_the_village(language: str) -> None:
    text = the_only(speaker(language), Greeting(VILLAGE))
    assert {"zh_Hant": "第二組"}.get(language, "第二组") in text  # in the script of whoever reads it
    assert {"zh_Hant": "雙槐&lt;村&gt;"}.get(language, "双槐&lt;村&gt;") in text
    assert THE_CARRIER[language] in text  # what cannot be promised is said at once


@every_language
def test_the_greeting_is_a_few_short_lines(language: str) -> None:
    text = the_only(speaker(language), Greeting(VILLAGE))
    assert len(text.split("\n")) <= 6
    assert length(text) <= 450


@every_language
def test_the_rounds_own_code_is_greeted_without_a_village(language: str) -> None:
    assert {"zh_Hant": "第六輪"}.get(language, "第六轮") in the_only(speaker(language), Greeting(ROUND))


@every_language
def test_a_card_of_the_fullest_draft_fits_and_its_buttons_too(language: str) -> None:
    [message] = speaker(language).messages(DraftPreview(a_draft(*["<&>" * 1300] * 30)))
    assert length(message.text) <= LONGEST
    for row in message.buttons:
        for button in row:
            assert button.data is not None
            assert len(button.data.encode()) <= MAX_BYTES
            assert unpack(button.data) is not None


def test_a_card_says_who_will_read_it() -> None:
    def shown(promise: Promise, place: Place = VILLAGE) -> str:
        return the_only(speaker("zh_Hans"), DraftPreview(a_draft("有人吃回扣", place=place), promise=promise))

    assert "谁来看：第二组" in shown(Promise(ReadBy.TEAM, Because.OWN_TEAM))
    assert "谁来看：只有县委巡察办主任" in shown(Promise(ReadBy.DIRECTOR, Because.CONCERNS_TEAM))
    assert "谁来看：只有第二组组长" in shown(Promise(ReadBy.LEADER, Because.CONCERNS_HEAD))
    assert "谁来看：县委巡察办" in shown(Promise(ReadBy.OFFICE, Because.NO_TEAM), ROUND)


@every_language
@pytest.mark.parametrize("because", Because)
def test_a_card_says_why_with_the_words_that_led_to_it(language: str, because: Because) -> None:
    words = ("<书记>", "字" * 90, "三", "四")
    text = the_only(speaker(language), DraftPreview(a_draft("路"), promise=Promise(ReadBy.OFFICE, because, words)))
    usual = {Because.OWN_TEAM, Because.NO_TEAM, Because.TEAM_SHUT_OUT, Because.ADVERTISEMENT}
    assert ("&lt;书记&gt;" in text) is (because not in usual)
    assert "字" * 21 not in text
    assert "四" not in text


@every_language
def test_a_card_says_that_several_matters_may_be_sent_one_by_one(language: str) -> None:
    topics = tuple(Topic(code, ()) for code in ("road", "fees"))
    meaning = replace(NOTHING, category="road", topics=topics)
    draft = replace(a_draft("路烂,还收钱"), understood=StoredUnderstanding("", 0, meaning))
    text = the_only(speaker(language), DraftPreview(draft))
    assert all(Words(language)(f"category.{code}") in text.split("🗂")[1] for code in ("road", "fees"))
    assert "🗂" not in the_only(speaker(language), DraftPreview(a_draft("路烂")))


def test_a_card_escapes_what_was_said() -> None:
    assert "&lt;b&gt;" in the_only(speaker("zh_Hans"), DraftPreview(a_draft("<b>粗</b>")))


@every_language
def test_the_grid_offers_every_category_once(language: str) -> None:
    [message] = speaker(language).messages(CategoryGrid(a_draft("路灯不亮")))
    chosen = [unpack(button.data or "") for row in message.buttons for button in row]
    codes = [press.arg for press in chosen if press is not None and press.action == "choose"]
    assert sorted(codes) == sorted(CODES)
    labels = [button.label for row in message.buttons for button in row]
    assert len(set(labels)) == len(labels)


@every_language
def test_the_receipt_is_in_the_script_of_the_language_and_can_be_read_back(language: str) -> None:
    submission = Submission(COMPLAINT, RECEIPT, 1, 2, ReadBy.TEAM, "第二组", 24, 15, tell_me=False)
    text = the_only(speaker(language), ReceiptMessage(submission, VILLAGE, TRAIL))
    code = text.split("<code>")[1].split("</code>")[0]
    assert code == RECEIPT.text(Script(language))
    assert read_receipt(code) == RECEIPT
    assert "24" in text
    assert "15" in text


@every_language
@pytest.mark.parametrize("read_by", ReadBy)
def test_the_receipt_says_who_reads_it(language: str, read_by: ReadBy) -> None:
    submission = Submission(COMPLAINT, RECEIPT, 1, 2, read_by, "第二组", 24, 15, tell_me=True)
    assert the_only(speaker(language), ReceiptMessage(submission, VILLAGE, TRAIL))


@every_language
def test_whoever_tells_of_a_danger_is_told_whom_to_call(language: str) -> None:
    for urgency in Urgency:
        submission = Submission(COMPLAINT, RECEIPT, 1, 0, ReadBy.TEAM, "第二组", 2, 15, tell_me=False, urgency=urgency)
        text = the_only(speaker(language), ReceiptMessage(submission, VILLAGE, TRAIL))
        assert ("110" in text) is (urgency != Urgency.NORMAL)


@every_language
def test_doors_are_named_as_far_as_the_notice_knows_them(language: str) -> None:
    speaking = speaker(language)
    everything = the_only(speaking, Sentence("shut_over", contacts=OfficeContacts("000-1", "8:00-12:00", "000信箱")))
    assert all(part in everything for part in ("000-1", "8:00-12:00", "000信箱", "12345"))
    assert "12345" in the_only(speaking, Sentence("shut_over", contacts=OfficeContacts()))
    opening = the_only(
        speaking, Sentence("shut_not_yet_open", (("day", "2026-10-12"),), contacts=OfficeContacts("000-1"))
    )
    assert "10" in opening
    assert "12" in opening


@every_language
def test_a_visit_shows_all_the_team_said_in_messages_that_fit(language: str) -> None:
    lines = [TeamMessage(MessageKind.ANSWER, f"{number:03}" + "好&" * 1900) for number in range(3)]
    messages = speaker(language).messages(VisitSummary(a_visit(*lines), draft_waits=True))
    everything = "".join(message.text for message in messages)
    assert all(f"{number:03}好" in everything for number in range(3))
    assert everything.count("&amp;") == 3 * 1900
    assert all(length(message.text.replace("&amp;", "&")) <= LONGEST for message in messages)
    assert [bool(message.buttons) for message in messages] == [*[False] * (len(messages) - 1), True]


def test_a_visit_that_is_asked_something_offers_to_answer() -> None:
    question = TeamMessage(MessageKind.QUESTION, "是哪一盏灯?")
    [message] = speaker("zh_Hans").messages(VisitSummary(a_visit(question, asked=True), draft_waits=False))
    assert "是哪一盏灯?" in message.text
    assert "1.r.reply." + COMPLAINT in [button.data for row in message.buttons for button in row]


def test_a_question_that_was_answered_is_told_apart_from_one_that_waits() -> None:
    lines = (TeamMessage(MessageKind.QUESTION, "是哪一盏灯?"), TeamMessage(MessageKind.QUESTION, "什么时候坏的?"))
    [waiting] = speaker("zh_Hans").messages(VisitSummary(a_visit(*lines, asked=True), draft_waits=False))
    assert (waiting.text.count("问过您"), waiting.text.count("想问您")) == (1, 1)
    assert waiting.text.index("问过您") < waiting.text.index("想问您")
    [done] = speaker("zh_Hans").messages(VisitSummary(a_visit(*lines), draft_waits=False))
    assert (done.text.count("问过您"), done.text.count("想问您")) == (2, 0)


def test_of_what_was_erased_no_counts_are_shown() -> None:
    gone = replace(a_visit(state=CaseState.WITHDRAWN), texts=0, files=0)
    [message] = speaker("zh_Hans").messages(VisitSummary(gone, draft_waits=False))
    assert "0" not in message.text.replace("2026年10月14日", "")


def test_a_card_of_photos_alone_asks_for_a_few_words() -> None:
    photo = Piece("1", MessageKind.PHOTO, "")
    assert "打几个字" in the_only(speaker("zh_Hans"), DraftPreview(replace(a_draft(), pieces=(photo,))))
    assert "打几个字" not in the_only(speaker("zh_Hans"), DraftPreview(a_draft("灯不亮")))


@every_language
def test_a_refusal_gives_the_reason_and_the_other_door_in_words(language: str) -> None:
    for reason in RefusalReason:
        for referral in Referral:
            codes = {"reason": reason.value, "referral": referral.value}
            [text] = team_message_parts(Words(language), TeamMessage(MessageKind.TEXT, key="not_accepted", codes=codes))
            assert reason.value not in text.replace("12345", "")
            assert Words(language)(f"resident.referral_{referral}") in text


def test_a_category_the_catalogue_does_not_know_has_the_countys_own_name() -> None:
    own = CategoryRecord(code="tea_farms", zh_hans="茶园", zh_hant="茶園")
    assert category_name(Words("zh_Hans"), own) == "茶园"
    assert category_name(Words("zh_Hant"), own) == "茶園"


@every_language
def test_a_countys_own_name_of_a_category_is_escaped_in_a_text_and_not_on_a_button(language: str) -> None:
    own = CategoryRecord(code="tea_farms", zh_hans="茶园<b>&", zh_hant="茶園<b>&")
    speaking = Renderer(language, [own])
    draft = replace(a_draft("茶园"), category="tea_farms")
    assert "<b>&amp;" in the_only(speaking, DraftPreview(draft)).replace("&lt;b&gt;", "<b>")
    assert "园<b>" not in the_only(speaking, DraftPreview(draft))
    [grid] = speaking.messages(CategoryGrid(draft))
    assert grid.buttons[0][0].label == own.name_in(language)


def test_in_a_crisis_the_numbers_stand_last_right_above_the_button_that_sends() -> None:
    meaning = replace(NOTHING, urgency=Urgency.CRISIS, crises=(Crisis.SELF_HARM,))
    draft = replace(a_draft("农药就放在床头" * 40), understood=StoredUnderstanding("", 1, meaning))
    said = Promise(ReadBy.TEAM, Because.OWN_TEAM)
    [message] = speaker("zh_Hans").messages(DraftPreview(draft, promise=said))
    assert message.text.index("农药") < message.text.index("您不是一个人") < message.text.index("12356")
    assert message.text.index("12338") < message.text.index("按一下下面的“发送”")
    assert message.text.count("农药就放在床头") < 10  # a short beginning: the rest would push the numbers up
    assert message.buttons[0][0].data == "1.r.send.12345678"
    assert len(message.buttons) <= 3
    [unread] = speaker("zh_Hans").messages(DraftPreview(draft, promise=Promise(ReadBy.NOBODY, Because.NO_TEAM)))
    assert "按一下下面的“发送”" not in unread.text


# ---- the preview of a draft


def test_a_preview_shows_the_beginning_of_every_message() -> None:
    said = ("村口的路灯坏了三个月", "晚上走路看不见", "老人摔过两回", "找过村里" * 100, "没人管", "求你们来看看")
    shown = the_only(speaker("zh_Hans"), DraftPreview(a_draft(*said)))
    lines = shown.partition("<blockquote>")[2].partition("</blockquote>")[0].split("\n")
    assert [line[:4] for line in lines] == [text[:4] for text in said]
    assert [line for line, text in zip(lines, said, strict=True) if line == text] == [*said[:3], *said[4:]]
    assert lines[3].endswith("…")


@pytest.mark.parametrize("said", ["😭😭", "👍", "……！！"])
def test_who_sends_no_words_is_asked_for_some_and_may_send_all_the_same(said: str) -> None:
    [message] = speaker("zh_Hans").messages(DraftPreview(a_draft(said)))
    assert said in message.text
    assert "请再打几个字" in message.text
    assert "1.r.send.12345678" in str(message.buttons)


@pytest.mark.parametrize(("place", "named"), [(VILLAGE, True), (replace(VILLAGE, kind=PlaceKind.UNIT), False)])
def test_the_button_names_the_village_secretary_at_a_village(place: Place, named: bool) -> None:
    for head in (True, False):
        [message] = speaker("zh_Hans").messages(DraftPreview(a_draft("路灯不亮", place=place, concerns_head=head)))
        [label] = [one.label for row in message.buttons for one in row if (one.data or "").endswith(".head")]
        assert "单位一把手" in label
        assert ("村支书" in label) == named


# ---- while no round takes complaints


@every_language
def test_while_nothing_is_taken_nobody_is_sent_to_scan(language: str) -> None:
    closed = Renderer(language, CATEGORIES, intake_is_open=False)
    keys = {
        "not_scanned",
        "half_of_code",
        "help",
        "discarded",
        "nothing_to_cancel",
        "shut_no_code",
        "shut_forged",
        "shut_revoked",
        "shut_over",
        "not_added_closed",
        "not_added_full",
        "visit_gone",
        "no_such_receipt",
        "too_many_wrong",
        "old_card",
        "old_button",
        "visit_over",
        "nobody_knows_who",
        "question_needs_code",
        "withdraw_by_code",
        "thanked_only",
        *(f"mistyped_{kind}" for kind in MistypeKind),
    }
    scanning = {"zh_Hans": "扫", "zh_Hant": "掃", "en": "scan"}[language]
    said = {key: the_only(closed, Sentence(key, (("position", 1), ("most", 30)))) for key in keys}
    assert [key for key, text in said.items() if scanning in text.lower()] == []
    assert scanning in the_only(speaker(language), Sentence("not_scanned")).lower()
    states = [Words(language)(f"resident.state_{state}") for state in CaseState]
    assert not any(scanning in text.lower() for text in [*states, Words(language)("resident.told_closed")])


# ---- how a complaint stands


def test_a_visit_says_by_when_it_is_decided_whether_the_complaint_is_taken_on() -> None:
    [undecided] = speaker("zh_Hans").messages(VisitSummary(replace(a_visit(), decided_by=date(2026, 10, 29)), False))
    assert "最晚2026年10月29日定下来" in undecided.text
    [decided] = speaker("zh_Hans").messages(VisitSummary(a_visit(state=CaseState.ACCEPTED), False))
    assert "最晚" not in decided.text


@every_language
def test_of_a_complaint_taken_back_all_is_said_to_be_deleted_only_when_it_is(language: str) -> None:
    def shown(on_phones: OnPhones) -> str:
        taken_back = replace(a_visit(state=CaseState.WITHDRAWN), on_phones=on_phones)
        [message] = speaker(language).messages(VisitSummary(taken_back, False))
        return message.text

    texts = [shown(OnPhones()), shown(OnPhones(pending=3)), shown(OnPhones(left=2)), shown(OnPhones(3, 2))]
    assert len(set(texts)) == 3
    assert "3" in texts[1]
    assert "2" in texts[2]
    assert "48" in texts[2]
    assert texts[3] == texts[1]  # first what is still going on


@every_language
def test_how_one_is_protected_is_one_message_that_can_be_read_at_a_glance(language: str) -> None:
    text = the_only(speaker(language), Sentence("protection"))
    assert len(text.split("\n")) <= 10
    assert length(text) <= {"en": 1300}.get(language, 520)
    assert THE_CARRIER[language].lower() in text.lower()


# ---- names of the county in traditional characters


def test_places_and_teams_are_named_in_the_script_of_whoever_reads_them() -> None:
    place = replace(VILLAGE, name="石蒲湾村", team_name="县委第二巡察组")
    promise = Promise(ReadBy.TEAM, Because.OWN_TEAM)
    shown = the_only(speaker("zh_Hant"), DraftPreview(a_draft("路灯不亮", place=place), promise=promise))
    assert "石蒲灣村" in shown
    assert "縣委第二巡察組" in shown
    assert "路灯不亮" in shown  # as it was written
    assert "石蒲湾村" in the_only(speaker("zh_Hans"), DraftPreview(a_draft("路灯不亮", place=place)))


@every_language
@pytest.mark.parametrize("lacking", [None, "files", "deletion", "push"])
def test_what_a_message_says_of_its_parts_is_true(language: str, lacking: str | None) -> None:
    speaking = Renderer(language, CATEGORIES, replace(EVERYTHING, **{lacking: False}) if lacking else EVERYTHING)
    meaning = replace(NOTHING, crises=(Crisis.SELF_HARM,), crisis_is_sure=True)
    in_crisis = replace(a_draft("我不想活了"), understood=StoredUnderstanding("", 0, meaning))
    sent = Submission(COMPLAINT, RECEIPT, 1, 0, ReadBy.TEAM, "第二组", 2, 15, tell_me=False)
    sent_in_crisis = replace(sent, urgency=Urgency.CRISIS, crises=(Crisis.SELF_HARM,))
    replies: list[TextReply] = [
        *(Greeting(VILLAGE), Greeting(ROUND), PrivacyNotice(), CrisisHelp((Crisis.OTHER,))),
        *(DraftPreview(a_draft("路坏了")), DraftPreview(in_crisis), CategoryGrid(a_draft("路坏了"))),
        *(ReceiptMessage(sent, VILLAGE, TRAIL), ReceiptMessage(sent_in_crisis, VILLAGE, TRAIL)),
        AdditionPreview(COMPLAINT, Addition(lines=(("1", "路坏了"),))),
        VisitSummary(a_visit(TeamMessage(MessageKind.ANSWER, "好" * 9000)), draft_waits=False),
        *map(Sentence, WITH_HEADING),
        *map(Sentence, ("left_out", "old_button", "not_scanned", "help_commands")),
    ]
    for message in (message for reply in replies for message in speaking.messages(reply)):
        assert message.has_heading is (message.text.startswith("<b>") and message.text != message.urgent), message.text
        assert not message.urgent or message.urgent.startswith("<b>")
        assert message.urgent in message.text
        assert message.quote in message.text
    assert speaking.messages(DraftPreview(in_crisis))[0].urgent
    assert speaking.messages(DraftPreview(in_crisis))[0].quote


@every_language
def test_what_is_turned_on_and_off_is_a_box_with_its_sign(language: str) -> None:
    [message] = speaker(language).messages(DraftPreview(a_draft("路坏了", concerns_head=True)))
    buttons = [button for row in message.buttons for button in row]
    signs = {True: "☑", False: "⬜"}
    assert [button.label[0] for button in buttons if button.is_on is not None] == [
        signs[button.is_on] for button in buttons if button.is_on is not None
    ]
    assert {button.is_on for button in buttons} == {True, False, None}
    assert not [button for button in buttons if button.is_on is None and button.label[0] in signs.values()]
