"""What a text is: a complaint, or something that is answered in another way."""

from collections.abc import Callable, Mapping, Sequence

from services.intake.folding import is_han
from services.intake.lexicon import lexicon
from services.intake.reading import Reading
from services.intake.understanding import TextKind
from services.intake.words import Hit, near, outside

_SHORT = 60  # signs up to which a text may be nothing but a question
_NEAR = 10  # signs between two words that belong together
_FEW = 24  # signs up to which a text is thanks or a wish to withdraw by words that are said in complaints as well
_CLAUSE_ENDS = ",。;!?\n"

Found = Mapping[str, Sequence[Hit]]
Finding = tuple[TextKind, tuple[Hit, ...]]


def kind_of(reading: Reading, *, urgent: bool, has_words: bool) -> Finding:
    """Return what a text is, and the words that say so. The first that applies decides; what is urgent is told."""
    checks = _CHECKS_OF_URGENT if urgent else _CHECKS
    for check in checks if has_words else (_thanks,):
        hits = check(reading)
        if hits:
            kind = _KIND_OF[check]
            return kind, tuple(hits)
    return TextKind.COMPLAINT, ()


def _in(reading: Reading, kind: TextKind) -> Found:
    return {name: reading.find(words) for name, words in lexicon().kinds[kind].items()}


def _advert(reading: Reading) -> Sequence[Hit]:
    found = _in(reading, TextKind.ADVERT)
    if found["victim"]:
        return ()
    if found["sure"]:
        return found["sure"]
    return [*found["offer"], *found["contact"]] if found["offer"] and found["contact"] else ()


def _asks_for_reporter(reading: Reading) -> Sequence[Hit]:
    found = _in(reading, TextKind.ASKS_FOR_REPORTER)
    if found["own_report"]:
        return ()
    asked = [
        pair
        for first, second in (("who", "reported"), ("reporter", "identity"), ("give", "reporter"))
        for pair in near(found[first], found[second], _NEAR)
    ]
    if found["give"]:
        asked += near(found["reported"], found["who"], _NEAR)
    return asked[0] if asked else ()


def _withdraw_wish(reading: Reading) -> Sequence[Hit]:
    found = _in(reading, TextKind.WITHDRAW_WISH)
    if found["of_others"]:
        return ()
    sure, likely = (_of_writer(reading, found[name], found["said_by_others"]) for name in ("sure", "likely"))
    if sure:
        return sure
    of_more = len(reading.text) > _FEW or outside(found["told"], likely, len(reading.text))
    return () if of_more else likely


def _of_writer(reading: Reading, hits: Sequence[Hit], speakers: Sequence[Hit]) -> list[Hit]:
    """Return the hits before which, in the same clause, nobody else is told to have said so."""

    def is_of_other(hit: Hit) -> bool:
        clause = max(reading.text.rfind(sign, 0, hit.start) for sign in _CLAUSE_ENDS) + 1
        return any(clause <= one.start and one.end <= hit.start for one in speakers)

    return [hit for hit in hits if not is_of_other(hit)]


def _litigation(reading: Reading) -> Sequence[Hit]:
    return _in(reading, TextKind.LITIGATION)["words"]


def _thanks(reading: Reading) -> Sequence[Hit]:
    found = _in(reading, TextKind.THANKS)
    wrong = outside(found["still_wrong"], [*found["words"], *found["good_news"]], len(reading.text))
    if wrong:
        return ()
    if found["words"]:
        return found["words"]
    return found["good_news"] if len(reading.text) <= _FEW and len(found["good_news"]) > 1 else ()


def _question(reading: Reading) -> Sequence[Hit]:
    found = _in(reading, TextKind.QUESTION)
    asked = [*found["about_the_matter"], *found["about_the_rules"]]
    if found["rhetorical"] or len(reading.text) > _SHORT or outside(found["wrong"], asked, len(reading.text)):
        return ()
    return asked


def _add_to_earlier(reading: Reading) -> Sequence[Hit]:
    found = _in(reading, TextKind.ADD_TO_EARLIER)
    if found["of_its_fate"]:
        return ()
    return found["sure"] or (found["earlier"] if found["more"] else ())


def has_words(reading: Reading) -> bool:
    """Whether a text says something in words: letters, characters or figures."""
    return any(is_han(sign) or sign.isalnum() for sign in reading.text)


_KIND_OF: dict[Callable[[Reading], Sequence[Hit]], TextKind] = {
    _advert: TextKind.ADVERT,
    _asks_for_reporter: TextKind.ASKS_FOR_REPORTER,
    _withdraw_wish: TextKind.WITHDRAW_WISH,
    _litigation: TextKind.LITIGATION,
    _add_to_earlier: TextKind.ADD_TO_EARLIER,
    _thanks: TextKind.THANKS,
    _question: TextKind.QUESTION,
}
_CHECKS = tuple(_KIND_OF)
_CHECKS_OF_URGENT = (_add_to_earlier,)
