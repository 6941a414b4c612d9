"""Rules and learner side by side: what either sees counts, and all that is found carries the words that led to it."""

from collections.abc import Callable
from itertools import chain

import pytest

from bench.intake import UTTERANCES, read
from models.urgency import Urgency
from services.intake import decisions
from services.intake.encoder import encoder
from services.intake.learner import Model, Seen, models, thresholds
from services.intake.lexicon import lexicon
from services.intake.understanding import Understanding, WordSpan
from tests.intake.county import COUNTY, meaning

RULED = {Urgency.CRISIS: "我不想活了", Urgency.DANGER: "桥栏杆断了"}
NOTHING_RULED = "低保评得不公"

Answers = Callable[[Urgency], None]


@pytest.fixture
def learner_is_certain_of(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Let the learner be as certain as can be of one urgency, whatever it sees."""

    def certain_of(urgency: Urgency) -> None:
        known = models()

        class Certain(Model):
            def likelihoods(self, seen: Seen) -> dict[str, float]:
                return {str(level): float(level == urgency) for level in Urgency}

        of_urgency = known["urgency"]
        certain = Certain(of_urgency.labels, of_urgency.rows, of_urgency.weights, of_urgency.of_vector)
        monkeypatch.setattr(decisions, "models", lambda: {**known, "urgency": certain})

    return certain_of


@pytest.mark.parametrize("urgency", [Urgency.CRISIS, Urgency.DANGER])
def test_what_a_rule_sees_counts_though_the_learner_sees_nothing(
    urgency: Urgency, learner_is_certain_of: Answers
) -> None:
    learner_is_certain_of(Urgency.NORMAL)
    assert meaning(RULED[urgency]).urgency == urgency


@pytest.mark.parametrize("urgency", [Urgency.CRISIS, Urgency.DANGER])
def test_what_the_learner_sees_counts_though_no_rule_does(urgency: Urgency, learner_is_certain_of: Answers) -> None:
    learner_is_certain_of(urgency)
    assert meaning(NOTHING_RULED).urgency == urgency


def words_of(found: Understanding) -> list[WordSpan]:
    """Return all words that led to something."""
    of_findings = [
        *(one.words for one in found.about),
        *(one.words for one in found.places),
        *(one.words for one in found.topics),
        *(one.words for one in found.traces),
    ]
    return [*found.category_words, *found.urgency_words, *found.kind_words, *chain.from_iterable(of_findings)]


def test_all_that_is_found_carries_the_words_that_led_to_it() -> None:
    found = meaning("我们镇书记的小舅子包了板栗坳的路", "桥栏杆断了,低保也评得不公", "别说是李篾匠讲的")
    assert found.category_words
    assert found.urgency_words
    for several in (
        [one.words for one in found.about],
        [one.words for one in found.places],
        [one.words for one in found.topics],
        [one.words for one in found.traces],
    ):
        assert several
        assert all(several)
    assert meaning("什么时候答复").kind_words


def test_the_words_that_are_named_stand_in_the_text_as_they_are_written() -> None:
    for line in read(UTTERANCES):
        for words in words_of(meaning(line.text)):
            assert line.text[words.start : words.end] == words.written


def test_the_utterances_are_of_every_category_and_level_of_urgency() -> None:
    lines = read(UTTERANCES)
    assert {code for line in lines for code in line.category} >= COUNTY.categories
    assert {level for line in lines for level in line.urgency} >= set(Urgency)


def test_lexicons_learner_and_encoder_are_loaded_once() -> None:
    assert lexicon() is lexicon()
    assert models() is models()
    assert thresholds() is thresholds()
    assert encoder() is encoder()
