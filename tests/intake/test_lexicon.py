"""The data files: every pattern can be read, and the weights belong to the utterances they were learned from."""

import json
from typing import Any

import pytest

from bench.intake import UTTERANCES, read, sample_county
from bench.intake_training import WEIGHTS, digest, learned
from services.intake.learner import models
from services.intake.lexicon import lexicon
from services.intake.reading import Reading
from services.intake.words import Vocabulary, expanded


def found(pattern: str, text: str) -> list[tuple[int, int]]:
    return [hit.span for hit in Vocabulary([pattern], str).find(text)]


def test_a_pattern_stands_for_its_choices_and_gaps() -> None:
    assert expanded("(不想|不愿)活(了)?") == ["不想活了", "不想活", "不愿活了", "不愿活"]
    assert found("拿…刀", "拿着一把刀") == [(0, 5)]
    assert found("拿…刀", "拿着一二三四五六七把刀") == []
    assert found("拿…刀", "拿了。他有刀") == []


@pytest.mark.parametrize("pattern", ["", "…活", "活…", "(活", "活|死"])
def test_what_is_written_wrongly_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="no pattern"):
        expanded(pattern)


def test_a_short_latin_word_is_found_whole_and_a_long_one_also_where_it_goes_on() -> None:
    assert found("dam", "the dam leaks") == [(4, 7)]
    assert found("dam", "damage") == []
    assert found("burn", "it burned") == [(3, 7)]
    assert found("burn", "auburn") == []


def test_rules_name_only_concepts_that_there_are() -> None:
    known = {concept for concepts in lexicon().urgency.of.values() for concept in concepts}
    assert {concept for rule in lexicon().urgency.rules for concept in rule.needs} <= known


def test_categories_are_those_of_the_county() -> None:
    assert set(lexicon().categories.codes) == sample_county().categories
    assert set(models()["category"].labels) == sample_county().categories


def test_the_weights_were_learned_from_the_utterances() -> None:
    first: dict[str, Any] = json.loads(WEIGHTS.read_text(encoding="utf-8").partition("\n")[0])
    assert first["learned_from"] == digest(UTTERANCES), "run python -m bench.intake_training"
    assert len(read(UTTERANCES)) >= 400


def test_what_is_learned_tells_labels_apart() -> None:
    texts = [{"桥": 1.0}, {"桥": 1.0, "路": 0.1}, {"钱": 1.0}, {"钱": 1.0, "路": 0.1}]
    labels = [frozenset({"danger"}), frozenset({"danger"}), frozenset({"normal"}), frozenset({"normal"})]
    model = learned(texts, labels, 0.0001)
    weights = model.weights
    assert weights["桥"][0] > 100 > -100 > weights["钱"][0]


def test_a_text_is_read_in_plain_standard_words_and_every_sign_is_found_again() -> None:
    texts = ["唔 好 話", "ＡＢ橋\u200b斷咗"]
    reading = Reading(texts)
    assert "桥" in reading.text
    place = reading.text.index("桥")
    (words,) = reading.words(place, place + 1)
    assert (words.text, words.written) == (1, "橋")
