"""The catalogues: every sentence in every language, with the same gaps, in proper marks."""

import ast
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import opencc
import pytest
from babel.messages.pofile import read_po

from models.audit import Audited
from texts.catalogue import CATALOGUES, LANGUAGES, SOURCE, Html, Words, language_of, placeholders

ROOT = Path(__file__).parent.parent.parent
TAGS = {"b", "i", "u", "s", "code", "blockquote"}
CHINESE = "\u4e00-\u9fff\u3000-\u3002\uff01-\uff5e"
# A Latin mark beside a Chinese character: a clerk would be ashamed of it.
LATIN_MARK = re.compile(rf"(?<=[{CHINESE}])[,;:?!()]|[,;:?!()](?=[{CHINESE}])")
SAYING = ("bot", "channels", "handlers", "migrations", "models", "privacy", "services", "texts", "web")
# By the county's categories, by what a command takes, by a clock, by which list it is.
SAID_IN_PARTS = re.compile(r"category\.|help\.|team\.(due|late)_|team\.(mine|queue)_empty$|team\.\w+_hazards$")
# What phones send beside words.
FILES = re.compile("照片|语音|视频|图片|录音|圖片|語音|影片|錄音|photo|video|recording|picture|speak", re.IGNORECASE)
# Pages take files and show them, whatever channels do.
OF_PAGES = ("web.", "desk.")
# Said only where there are files already, or of all that was sent, by whichever channel.
SAID_WITH_FILES_ALONE = {
    "common.file_not_here",
    "finding.kind_photo",
    "item.reason_reused_photo",
    "item.photo_too_large",
    "item.photo_cannot_clean",
    "item.too_many_photos",
    "item.too_many_files",
    "item.evidence_before",
    "item.evidence_after",
    "item.used_before",
    "item.used_before_at",
    "privacy.kept_words",
    "publication.button_photos_done",
    "publication.choice",
    "publication.line_item",
    "publication.photo_gone",
    "publication.photos_prompt",
    "results.photos",
    "round.what_png",
    "resident.edit_caption_gone",
    "resident.edit_file_kept",
    "resident.greeting_files",
    "resident.picture_not_shown",
    "resident.protection",
    "resident.unfit_too_large",
    "resident.unfit_too_slow",
    "resident.unfit_too_big",
    "resident.unfit_unknown_format",
    "resident.kept_in_part",
    "resident.clears_later",
    "resident.cleared",
    "resident.picture_caption",
    "resident.sure_to_withdraw",
    "resident.withdrawal_erased",
    "resident.withdrawal_recalling",
    "resident.withdrawal_left",
    "resident.button_picture",
}
CLEARING = re.compile(r"清空|收回|/clear\b")
# Said only after /clear or a button that is offered where messages can be deleted, of all channels together, or of what
# lies on phones of the staff.
SAID_WHERE_CHATS_CAN_BE_CLEARED = {
    "menu.clear",
    "people.sure_lost",
    "privacy.kept_trail",
    "resident.receipt_clear",
    "resident.sure_to_clear",
    "resident.clears_later",
    "resident.nothing_to_clear",
    "resident.cleared",
    "resident.withdrawal_recalling",
    "resident.state_withdrawn_recalling",
    "resident.recalled_not_yet",
    "resident.button_clear",
    "resident.button_clear_now",
}
COMMAND = re.compile(r"(?<![\w<:/])/[a-z]{3,}")
# Said where somebody can send commands, in a group or about one, by the demo of phones, or of all channels together.
SAID_WHERE_COMMANDS_CAN_BE_SENT = {
    "common.not_said",
    "demo.desk",
    "item.digest_more",
    "privacy.until_case_closed",
    "resident.cannot_clear",
    "resident.cleared_draft_waits",
    "resident.clears_later",
    "resident.help_commands",
    "resident.protection",
    "staff.gets_county_leader",
    "staff.gets_resident_cadre",
    "staff.gets_department",
    "staff.gets_granted",
    "staff.gets_leading_group",
    "staff.gets_liaison",
    "staff.gets_office",
    "staff.gets_team_leader",
    "staff.gets_team_member",
    "staff.gets_unit_head",
    "staff.help",
    "staff.resident_first",
    "staff.welcome",
    "team.board_changed",
    "team.board_leaders_only",
    "team.nobody_leads",
    "team.search_how",
}
OF_THE_COMMAND_LINE = ("cli.", "doctor.", "help.")
ID = re.compile(r'^msgid "(.+)"$', re.MULTILINE)
USED = re.compile(r"""\b(?:words|say|Words\([^()]*\))\(\s*"([a-z_]+\.[a-z_0-9]+)\"""")


def sentences(language: str) -> dict[str, str]:
    found = {}
    for file in sorted((CATALOGUES / language).glob("*.po")):
        with file.open("rb") as lines:
            for entry in read_po(lines, locale=language, abort_invalid=True):
                if entry.id:
                    assert not entry.fuzzy, f"{entry.id} is fuzzy in {language}"
                    assert str(entry.id).partition(".")[0] == file.stem, f"{entry.id} stands in {file.name}"
                    found[str(entry.id)] = str(entry.string)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_there_and_none_is_empty(language: str) -> None:
    here = sentences(language)
    assert set(here) == set(sentences(SOURCE))
    assert [key for key, sentence in here.items() if not sentence.strip()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_stands_twice(language: str) -> None:
    ids = [key for file in (CATALOGUES / language).glob("*.po") for key in ID.findall(file.read_text(encoding="utf-8"))]
    assert [key for key, times in Counter(ids).items() if times > 1] == []  # what reads them keeps one and says nothing


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_has_the_gaps_of_its_source(language: str) -> None:
    source = sentences(SOURCE)
    wrong = [key for key, text in sentences(language).items() if placeholders(text) != placeholders(source[key])]
    assert wrong == []


def test_every_sentence_about_files_has_another_wording_for_channels_without_them() -> None:
    source = sentences(SOURCE)
    of_channels = {key: text for key, text in source.items() if not key.startswith(OF_PAGES)}
    about_files = {key for key, text in of_channels.items() if FILES.search(text) and "_without_" not in key}
    undecided = {key for key in about_files if f"{key}_without_files" not in source} - SAID_WITH_FILES_ALONE
    assert undecided == set()
    assert about_files >= SAID_WITH_FILES_ALONE


def test_every_sentence_about_clearing_a_chat_has_another_wording_where_that_cannot_be_done() -> None:
    source = sentences(SOURCE)
    about_clearing = {key for key, text in source.items() if CLEARING.search(text) and "_without_" not in key}
    undecided = {
        key for key in about_clearing if f"{key}_without_deletion" not in source
    } - SAID_WHERE_CHATS_CAN_BE_CLEARED
    assert undecided == set()
    assert about_clearing >= SAID_WHERE_CHATS_CAN_BE_CLEARED


def test_every_sentence_that_names_a_command_has_another_wording_where_none_can_be_sent() -> None:
    source = sentences(SOURCE)
    naming = {
        key
        for key, text in source.items()
        if COMMAND.search(text) and "_without_" not in key and not key.startswith(OF_THE_COMMAND_LINE)
    }
    undecided = {key for key in naming if f"{key}_without_commands" not in source} - SAID_WHERE_COMMANDS_CAN_BE_SENT
    assert undecided == set()
    assert naming >= SAID_WHERE_COMMANDS_CAN_BE_SENT


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_wording_for_where_no_command_can_be_sent_names_one(language: str) -> None:
    others = {key: text for key, text in sentences(language).items() if key.endswith("_without_commands")}
    assert others
    assert {key for key, text in others.items() if COMMAND.search(text)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_wording_for_channels_without_files_asks_for_one(language: str) -> None:
    others = {key: text for key, text in sentences(language).items() if key.endswith("_without_files")}
    assert others
    assert {key for key, text in others.items() if FILES.search(text)} == set()


def test_a_sentence_reads_otherwise_where_its_channel_lacks_something() -> None:
    assert "照片" in Words(SOURCE)("resident.say_more")
    assert "照片" not in Words(SOURCE, ["files"])("resident.say_more")
    assert "照片" in Words(SOURCE, ["deletion"])("resident.say_more")
    assert "/clear" not in Words(SOURCE, ["files", "deletion"])("resident.help_commands")
    assert Words(SOURCE, ["files"])("resident.solved") == Words(SOURCE)("resident.solved")


class Balance(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, f"<{tag}> is no tag of Telegram's"
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_tag_is_one_of_telegrams_and_closed(language: str) -> None:
    for key, sentence in sentences(language).items():
        parser = Balance()
        parser.feed(sentence)
        assert parser.open == [], key


@pytest.mark.parametrize("language", ["zh_Hans", "zh_Hant"])
def test_chinese_is_set_with_chinese_marks(language: str) -> None:
    assert [key for key, sentence in sentences(language).items() if LATIN_MARK.search(sentence)] == []


def test_traditional_sentences_hold_no_character_that_is_only_simplified() -> None:
    convert = opencc.OpenCC("s2tw").convert
    own_names = {"resident.button_lang_zh_Hans"}
    wrong = {
        key: "".join(
            a for a, b in zip(text, convert(text), strict=True) if a not in (b, "\u91cc")
        )  # also traditional, of a neighbourhood
        for key, text in sentences("zh_Hant").items()
        if key not in own_names and len(convert(text)) == len(text)
    }
    assert {key: found for key, found in wrong.items() if found} == {}


def test_every_sentence_the_code_names_is_there() -> None:
    known = sentences(SOURCE)
    named = {
        key
        for package in ("handlers", "bot", "services")
        for file in (ROOT / package).rglob("*.py")
        for key in USED.findall(file.read_text(encoding="utf-8"))
    }
    assert len(named) > 50
    assert named - set(known) == set()


def _as_pattern(part: ast.expr) -> str:
    return re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+"


def test_every_sentence_is_said_somewhere() -> None:
    """A key is written out, or put together: of its domain and a name, or of a key that is none and its end."""
    known, written, put_together = set(sentences(SOURCE)), set[str](), set[str]()
    for package in SAYING:
        for file in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    written.add(node.value)
                elif isinstance(node, ast.JoinedStr):
                    parts = (_as_pattern(one) for one in node.values)
                    put_together.add("".join(parts))
    for file in (ROOT / "web" / "templates").rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        written |= set(re.findall(r"""["']([\w.]+)["']""", text))
        put_together |= {re.escape(begin) + ".+" for begin in re.findall(r"""["']([\w.]+)["']\s*~""", text)}
    begun = {one for one in written if re.fullmatch(r"[a-z]+\.[a-z_]+", one) and one not in known}
    patterns = [re.compile(one) for one in put_together if re.search("[a-z_]{4}", one)]
    whole = [one for one in patterns if re.match(r"[a-z]+\\\.[a-z_]", one.pattern)]

    def is_said(key: str) -> bool:
        name = key.partition(".")[2]
        return (
            key in written
            or any(key.startswith(f"{one}_") for one in begun)
            or any(one.fullmatch(key) for one in whole)
            or name in written
            or any(one.fullmatch(name) for one in patterns)
        )

    keys = {re.sub(r"_without_\w+$|_meant$", "", key) for key in known}
    assert sorted(key for key in keys if not SAID_IN_PARTS.match(key) and not is_said(key)) == []


def test_what_people_wrote_is_escaped_and_our_own_html_is_not() -> None:
    words = Words("en")
    assert "&lt;b&gt;" in words("alert.board_lost", team="<b>")
    assert "<b>" in words("alert.board_lost", team=Html("<b>"))


@pytest.mark.parametrize(
    ("code", "language"),
    [
        (None, "zh_Hans"),
        ("zh", "zh_Hans"),
        ("zh-hans", "zh_Hans"),
        ("zh-TW", "zh_Hant"),
        ("zh-hant-HK", "zh_Hant"),
        ("zh_HK", "zh_Hant"),
        ("en-GB", "en"),
        ("bo", "en"),
    ],
)
def test_the_language_is_chosen_from_the_client(code: str | None, language: str) -> None:
    assert language_of(code) == language


def test_everything_that_is_written_down_of_the_staff_is_called_something() -> None:
    assert [one for one in Audited if f"office.audited_{one}" not in sentences(SOURCE)] == []
