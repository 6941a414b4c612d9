"""What is said in a crisis, in every language, and that it is said once of each kind."""

from dataclasses import replace

import pytest

from handlers.resident.crisis import crisis_help, crisis_words, numbers_again
from services.intake.drafts import ConversationState
from services.intake.understanding import Crisis
from texts.catalogue import LANGUAGES, Words

NUMBERS = ("110", "120", "12356", "12338")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("crisis", Crisis)
def test_every_crisis_names_all_numbers_in_every_language(language: str, crisis: Crisis) -> None:
    for said in (crisis_words(Words(language), [crisis], []), numbers_again(Words(language), [crisis], [])):
        assert [number for number in NUMBERS if f"<b>{number}</b>" not in said] == []
        assert ("<b>119</b>" in said) == (crisis == Crisis.ACCIDENT)


def test_of_two_crises_each_has_its_words_and_each_number_stands_once() -> None:
    said = crisis_words(Words("zh_Hans"), [Crisis.SELF_HARM, Crisis.VIOLENCE], [])
    assert "先保住自己和孩子" in said
    assert "您不是一个人" in said
    assert [said.count(f"<b>{number}</b>") for number in NUMBERS] == [1, 1, 1, 1]


def test_what_is_not_known_is_left_out_where_something_is() -> None:
    assert crisis_words(Words("en"), [Crisis.OTHER, Crisis.VIOLENCE], []) == crisis_words(
        Words("en"), [Crisis.VIOLENCE], []
    )


def test_a_number_of_the_county_is_escaped() -> None:
    assert "📞 a &lt; b" in crisis_words(Words("en"), [Crisis.OTHER], ["a < b"])


def test_it_is_said_once_of_each_kind_in_a_visit_and_anew_in_the_next() -> None:
    state, [reply] = crisis_help(ConversationState(visit="c1"), [Crisis.VIOLENCE])
    assert reply.crises == (Crisis.VIOLENCE,)
    assert crisis_help(state, [Crisis.VIOLENCE]) == (state, ())
    assert crisis_help(state, [Crisis.OTHER]) == (state, ())
    state, [reply] = crisis_help(state, [Crisis.VIOLENCE, Crisis.SELF_HARM])
    assert reply.crises == (Crisis.SELF_HARM,)
    _, [reply] = crisis_help(replace(state, visit="c2"), [Crisis.VIOLENCE])
    assert reply.crises == (Crisis.VIOLENCE,)


def test_nothing_is_remembered_of_whoever_has_not_begun() -> None:
    state, [reply] = crisis_help(ConversationState(), [Crisis.SELF_HARM])
    assert reply.crises == (Crisis.SELF_HARM,)
    assert state == ConversationState()
