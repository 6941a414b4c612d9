"""Every column says what it holds of a resident."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Column, MetaData, String, Table

from bot.__main__ import main
from handlers.resident.privacy_notice import privacy_notice
from models.annotations import ENDS, OPENED_BY, Kept, Key, Until, touched, touches, unannotated
from models.tables import METADATA
from texts.catalogue import LANGUAGES, Words

PAGE = Path(__file__).parents[2] / "docs" / "anonymity.md"


@pytest.mark.parametrize("table", METADATA.tables.values(), ids=lambda table: table.name)
def test_every_column_says_what_it_holds_of_a_resident_or_that_it_holds_nothing(table: Table) -> None:
    assert unannotated(table) == []


def test_a_column_without_a_word_about_residents_is_found() -> None:
    table = Table("t", MetaData(), Column("a", String), Column("b", String), info={"nobody": ("a", "gone")})
    assert unannotated(table) == ["t.gone does not exist", "t.b needs either touches(…) or a place in __nobody__"]


def test_a_column_cannot_be_both() -> None:
    held = touches(Kept.WORDS, Key.ROUND, Until.HOUR_AFTER, "what was said")
    table = Table("t", MetaData(), Column("a", String, info=held), info={"nobody": ("a",)})
    assert unannotated(table) == ["t.a needs either touches(…) or a place in __nobody__"]


def test_what_a_resident_says_or_is_found_by_is_never_in_the_clear() -> None:
    blobs = [held for held in touched(METADATA) if held.column in ("sealed", "address", "args")]
    assert blobs
    assert [held for held in blobs if held.touch.key in (Key.CLEAR, Key.HASH)] == []


def printed() -> str:
    result = CliRunner().invoke(main, ["--config", "missing.toml", "privacy"])
    assert result.exit_code == 0, result.output
    return result.output


def test_every_column_that_touches_a_resident_is_printed_with_key_reader_and_end() -> None:
    output = printed()
    for held in touched(METADATA):
        touch = held.touch
        line = f"| `{held.column}` | {touch.note} | {touch.key} | {OPENED_BY[touch.key]} | {ENDS[touch.until]} |"
        assert line in output.split(f"### {held.table}\n")[1]


def test_the_page_about_anonymity_shows_what_is_printed() -> None:
    assert printed() in PAGE.read_text(encoding="utf-8"), "run `xunsheng privacy` and paste it into docs/anonymity.md"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_resident_is_told_of_everything_that_the_schema_keeps_of_them(language: str) -> None:
    words = Words(language)
    said = privacy_notice(words).text
    for held in touched(METADATA):
        assert words(f"privacy.kept_{held.touch.kept}") in said
        if held.touch.key is not Key.CLEAR:
            assert words(f"privacy.key_{held.touch.key}") in said
        assert words(f"privacy.until_{held.touch.until}") in said
    assert len(said) <= 4096
