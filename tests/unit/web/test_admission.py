"""Proofs of work: what is made, what is taken, and what is no proof."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.work import solution_of
from web.admission import DOUBLED_AFTER, FEWEST_TRIES, RESENDS, WITHOUT_PROOF_A_MINUTE, Admission

NOW = datetime(2026, 11, 22, 1, 0, 5, tzinfo=UTC)
SECRET = b"s" * 32


def used_up(admission: Admission, now: datetime = NOW) -> Admission:
    """Let in as many as are let in without a proof in a minute."""
    for _ in range(WITHOUT_PROOF_A_MINUTE):
        assert admission.lets_in("", now, "sent")
    return admission


def test_a_proof_is_taken_once_and_within_the_hour() -> None:
    admission = used_up(Admission(SECRET))
    proof, late = (solution_of(admission.challenge(NOW)) for _ in range(2))
    assert admission.lets_in(proof, NOW, "one form")
    assert not admission.lets_in(proof, NOW, "another form")
    other = used_up(Admission(SECRET))
    assert other.lets_in(late, NOW + timedelta(minutes=59, seconds=54), "one form")
    assert not admission._counts(late, NOW + timedelta(hours=1), "one form")


def test_what_is_sent_again_on_a_bad_line_costs_no_other_proof_a_few_times() -> None:
    admission = used_up(Admission(SECRET))
    proof = solution_of(admission.challenge(NOW))
    let_in = [admission.lets_in(proof, NOW, "one form") for _ in range(RESENDS + 2)]
    assert let_in == [True] * (RESENDS + 1) + [False]


def test_a_cheap_proof_is_good_for_a_few_minutes_once_proofs_are_dearer() -> None:
    admission = Admission(SECRET)
    old, recent, dear = NOW - timedelta(minutes=20), NOW - timedelta(minutes=4), NOW
    hoarded, just_begun = solution_of(admission.challenge(old)), solution_of(admission.challenge(recent))
    for number in range(DOUBLED_AFTER):
        assert admission.takes(solution_of(admission.challenge(NOW)), NOW, f"form {number}")
    assert not admission.takes(hoarded, NOW, "hoarded")
    assert admission.takes(just_begun, NOW, "begun before the rush")
    assert admission.takes(solution_of(admission.challenge(dear)), NOW, "paid in full")
    assert admission.takes(hoarded, NOW + timedelta(minutes=1), "hoarded, when the rush is over")


def test_a_proof_of_another_installation_is_none() -> None:
    assert not used_up(Admission(SECRET)).lets_in(solution_of(Admission(b"t" * 32).challenge(NOW)), NOW, "sent")


def test_used_proofs_are_forgotten_when_they_are_good_no_longer() -> None:
    admission = Admission(SECRET)
    admission.lets_in(solution_of(admission.challenge(NOW)), NOW, "sent")
    later = NOW + timedelta(hours=2)
    admission.lets_in(solution_of(admission.challenge(later)), later, "sent")
    assert len(admission._used) == 1


def test_the_more_are_let_in_the_dearer_it_becomes_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    most: list[int] = []

    def first(below: int) -> int:
        most.append(below)
        return 0

    monkeypatch.setattr("web.admission.secrets.randbelow", first)
    admission = Admission(SECRET)
    for _ in range(300):
        admission.lets_in(solution_of(admission.challenge(NOW)), NOW, "sent")
    assert most[0] == FEWEST_TRIES
    assert most == sorted(most)
    assert max(most) == 32 * FEWEST_TRIES
    admission.challenge(NOW + timedelta(minutes=1))
    assert most[-1] == FEWEST_TRIES


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
KEYS = ("algorithm", "nonce", "salt", "cost", "keyLength", "keyPrefix", "data", "keySignature", "expiresAt")


@given(
    st.one_of(
        st.text(max_size=60),
        JSON.map(lambda value: base64.b64encode(json.dumps(value).encode()).decode()),
        st.fixed_dictionaries(
            {
                "challenge": JSON | st.fixed_dictionaries({"parameters": JSON, "signature": JSON}),
                "solution": JSON | st.fixed_dictionaries({"counter": JSON, "derivedKey": JSON}),
            }
        ).map(lambda value: base64.b64encode(json.dumps(value).encode()).decode()),
        st.tuples(st.sampled_from(KEYS), JSON),
    )
)
def test_whatever_is_no_proof_is_taken_for_none(proof: str | tuple[str, object]) -> None:
    admission = Admission(SECRET)
    if isinstance(proof, tuple):  # a true one, with one thing changed
        solved = json.loads(base64.b64decode(SOLVED))
        changed = dict(solved["challenge"]["parameters"])
        if changed.get(proof[0]) == proof[1]:
            return
        solved["challenge"]["parameters"] = changed | {proof[0]: proof[1]}
        proof = base64.b64encode(json.dumps(solved).encode()).decode()
    assert not admission._counts(proof, NOW, "sent")


SOLVED = solution_of(Admission(SECRET).challenge(NOW))
