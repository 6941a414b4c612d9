"""The list of protections names code and tests that exist, and the threat model shows that list."""

import ast
from pathlib import Path

import pytest

from proof.__main__ import claims_and_tests
from proof.protections import PROTECTIONS, Protection

HERE = Path(__file__).parents[2]
PAGE = HERE / "docs" / "threat-model.md"


@pytest.mark.parametrize("protection", PROTECTIONS, ids=lambda one: one.claim)
def test_what_keeps_a_claim_can_be_taken_out_and_its_test_is_there(protection: Protection) -> None:
    source = (HERE / protection.file).read_text(encoding="utf-8")
    assert protection.taken_out_of(source) != source
    ast.parse(protection.taken_out_of(source))  # what is left still runs; a syntax error would prove nothing
    file, _, name = protection.test.partition("::")
    if name:
        assert f"def {name.partition('[')[0]}(" in (HERE / file).read_text(encoding="utf-8")
    assert (HERE / file).is_file()


def test_each_claim_is_listed_once() -> None:
    claims = [protection.claim for protection in PROTECTIONS]
    assert sorted(set(claims)) == sorted(claims)


def test_what_occurs_twice_is_no_proof() -> None:
    unclear = Protection("c", "t", "f", kept_by="a", taken_out="b")
    with pytest.raises(ValueError, match="2 times"):
        unclear.taken_out_of("a a")


def test_the_threat_model_shows_every_claim_with_its_test() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert claims_and_tests() in page, "run `python -m proof --table` and paste it into docs/threat-model.md"
