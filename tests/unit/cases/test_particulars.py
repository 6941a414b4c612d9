"""Which particulars of a matter are read off what was told of it."""

import pytest

from models.complaints import Case, MessageKind, Particular
from services.cases.particulars import missing_after, missing_of, told_in

P = Particular


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("村里乱", set()),
        ("村会计去年收了三十户每户200元，有收据", {P.WHO, P.WHEN, P.HOW_MUCH, P.EVIDENCE}),
        ("村會計去年收了三十戶每戶200元，有收據", {P.WHO, P.WHEN, P.HOW_MUCH, P.EVIDENCE}),
        ("桥头岭小学门口的路坏了", {P.WHERE}),
        ("2025年3月的事", {P.WHEN}),
        ("半年前占了我两亩地", {P.WHEN, P.HOW_MUCH}),
        ("主任的照片我这里有", {P.WHO, P.EVIDENCE}),
        ("The director took 300 yuan last month", {P.WHO, P.WHEN, P.HOW_MUCH}),
        ("没人管，管管吧", set()),
        ("一共欠18万工钱，有欠条，可以拍给你们", {P.HOW_MUCH, P.EVIDENCE}),
        ("没开过会也没贴过公示", set()),
    ],
)
def test_particulars_are_told_by_signs_of_language(text: str, told: set[Particular]) -> None:
    assert told_in([text]) == told


def test_a_photo_is_evidence_and_a_recording_of_ones_own_voice_is_not() -> None:
    assert told_in([], [MessageKind.PHOTO]) == {P.EVIDENCE}
    assert told_in([], [MessageKind.VOICE, MessageKind.TEXT]) == set()


def test_the_code_that_was_scanned_tells_where() -> None:
    assert "where" not in missing_after(list(P), ["村里乱"], place_known=True)
    assert "where" in missing_after(list(P), ["乱"], place_known=False)


def test_what_was_told_before_is_not_missing_again() -> None:
    assert missing_after(["when", "evidence"], ["去年"]) == ["evidence"]
    assert missing_after([], ["乱"]) == []


def test_the_particulars_of_a_case_are_told_in_the_order_of_asking() -> None:
    assert missing_of(Case(missing_particulars=["when", "evidence"])) == (P.WHEN, P.EVIDENCE)
    assert missing_of(Case(missing_particulars=None)) is None
