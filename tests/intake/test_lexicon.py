"""The data files: every pattern can be read, and the weights belong to the utterances they were learned from."""

import numpy as np
import pytest

from bench.intake import UTTERANCES, read, sample_county
from bench.intake_examples import Example
from bench.intake_training import LEARNED, LEXICON, digest, learned
from services.intake.encoder import SIZE, encoder
from services.intake.learner import LEARNED_FROM, WEIGHTS, Model, Seen, models, text_of
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


def test_every_concept_is_one_that_a_rule_needs() -> None:
    needed = {concept for rule in lexicon().urgency.rules for concept in rule.needs}
    assert {concept for concepts in lexicon().urgency.of.values() for concept in concepts} <= needed


def test_categories_are_those_of_the_county_and_those_that_it_may_add() -> None:
    may_add = {"education", "health_care", "work_safety", "gangs", "pollution"}
    assert set(lexicon().categories.codes) == sample_county().categories | may_add
    assert set(models()["category"].labels) == sample_county().categories


def test_the_weights_were_learned_from_the_utterances() -> None:
    with np.load(LEXICON / WEIGHTS) as stored:
        assert text_of(stored[LEARNED_FROM]) == digest(LEARNED), "run python -m bench.intake_training"
    assert len(read(UTTERANCES)) >= 400


def test_what_is_learned_tells_labels_apart() -> None:
    bridge, money = np.eye(2, SIZE, dtype=np.float32)
    examples = [
        *(Example(Seen({"桥": 1.0, "路": 0.1 * number}, bridge), {"danger"}) for number in range(4)),
        *(Example(Seen({"钱": 1.0, "路": 0.1 * number}, money), {"normal"}) for number in range(4)),
    ]
    model = Model.of("urgency", {f"urgency.{part}": value for part, value in learned(examples).items()})
    assert model.likelihoods(Seen({"桥": 1.0}, bridge))["danger"] > 0.9
    assert model.likelihoods(Seen({"钱": 1.0}, money))["danger"] < 0.1


def test_the_encoder_gives_texts_that_mean_nearly_the_same_numbers_that_are_close() -> None:
    wish, same, other = encoder().vectors(["我不想活了", "我想去死", "公租房租金太贵"])
    assert wish @ same > wish @ other + 0.2
    assert encoder().vectors(["桥" * 4000])[0] @ encoder().vectors(["桥" * 400])[0] > 0.99
    assert encoder().vectors([]).shape == (0, SIZE)


def test_a_text_is_read_in_plain_standard_words_and_every_sign_is_found_again() -> None:
    texts = ["唔 好 話", "ＡＢ橋\u200b斷咗"]
    reading = Reading(texts)
    assert "桥" in reading.text
    place = reading.text.index("桥")
    (words,) = reading.words(place, place + 1)
    assert (words.text, words.written) == (1, "橋")
