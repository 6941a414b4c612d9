"""Every column says what it holds of a resident."""

import pytest
from sqlalchemy import Column, MetaData, String, Table

from models.annotations import Kept, Key, Until, touched, touches, unannotated
from models.tables import METADATA


@pytest.mark.parametrize("table", METADATA.tables.values(), ids=lambda table: table.name)
def test_every_column_says_what_it_holds_of_a_resident_or_that_it_holds_nothing(table: Table) -> None:
    assert unannotated(table) == []


def test_a_column_without_a_word_about_residents_is_found() -> None:
    table = Table("t", MetaData(), Column("a", String), Column("b", String), info={"nobody": ("a", "gone")})
    assert unannotated(table) == ["t.gone does not exist", "t.b needs either touches(…) or a place in __nobody__"]


def test_a_column_cannot_be_both() -> None:
    held = touches(Kept.WORDS, Key.ROUND, Until.SENT, "what was said")
    table = Table("t", MetaData(), Column("a", String, info=held), info={"nobody": ("a",)})
    assert unannotated(table) == ["t.a needs either touches(…) or a place in __nobody__"]


def test_what_a_resident_says_or_is_found_by_is_never_in_the_clear() -> None:
    blobs = {
        (table, column): touch for table, column, touch in touched(METADATA) if column in ("sealed", "address", "args")
    }
    assert blobs
    assert all(touch.key not in (Key.CLEAR, Key.HASH) for touch in blobs.values())
