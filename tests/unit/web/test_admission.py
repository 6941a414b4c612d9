"""Proofs of work: what is made, what is taken, and what is no proof."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.work import solution_of
from web.admission import FEWEST_TRIES, WITHOUT_PROOF_A_MINUTE, Admission

NOW = datetime(2026, 11, 22, 1, 0, 5, tzinfo=UTC)
SECRET = b"s" * 32


def used_up(admission: Admission) -> Admission:
    for _ in range(WITHOUT_PROOF_A_MINUTE):
        assert admission.lets_in("", NOW)
    return admission


def test_a_proof_is_taken_once_and_within_the_hour() -> None:
    admission = used_up(Admission(SECRET))
    proof, late = (solution_of(admission.challenge(NOW)) for _ in range(2))
    assert admission.lets_in(proof, NOW)
    assert not admission.lets_in(proof, NOW)
    other = used_up(Admission(SECRET))
    assert other.lets_in(late, NOW + timedelta(minutes=59, seconds=54))
    assert not admission._is_new(late, NOW + timedelta(hours=1))


def test_a_proof_of_another_installation_is_none() -> None:
    assert not used_up(Admission(SECRET)).lets_in(solution_of(Admission(b"t" * 32).challenge(NOW)), NOW)


def test_used_proofs_are_forgotten_when_they_are_good_no_longer() -> None:
    admission = Admission(SECRET)
    admission.lets_in(solution_of(admission.challenge(NOW)), NOW)
    later = NOW + timedelta(hours=2)
    admission.lets_in(solution_of(admission.challenge(later)), later)
    assert len(admission._used) == 1


def test_the_more_are_let_in_the_dearer_it_becomes_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    most: list[int] = []

    def first(below: int) -> int:
        most.append(below)
        return 0

    monkeypatch.setattr("web.admission.secrets.randbelow", first)
    admission = Admission(SECRET)
    for _ in range(300):
        admission.lets_in(solution_of(admission.challenge(NOW)), NOW)
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
    assert not admission._is_new(proof, NOW)


SOLVED = solution_of(Admission(SECRET).challenge(NOW))
