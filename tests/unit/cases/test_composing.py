"""What a form holds of words for a reporter."""

from typing import Any, cast

from handlers.cases.composing import Composing, Composition
from handlers.forms import FormContext
from services.people.forms import OpenForm

ANSWER = Composing("text", 2000, 3)


def a_form(**answers: Any) -> FormContext:
    return FormContext(cast(Any, None), cast(Any, None), OpenForm("answer_case", "12345678", "text", answers))


def test_nothing_was_chosen_or_written_at_first() -> None:
    assert ANSWER.of(a_form()) == Composition()


def test_what_was_chosen_and_written_is_kept() -> None:
    kept = {"prepared": ["fixed"], "text": "上周去看过。"}
    assert ANSWER.of(a_form(text=kept)) == Composition(("fixed",), "上周去看过。")
    assert ANSWER.of(a_form(text=kept)).parts == 2


def test_a_form_that_was_opened_before_an_update_is_sent_all_the_same() -> None:
    assert ANSWER.of(a_form(text="查过了。")) == Composition((), "查过了。")
