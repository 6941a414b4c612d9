"""How shares and grades read, wherever they are told."""

from models.publication import Grade
from models.share import Share
from texts.catalogue import Html, Words


def share(words: Words, shown: Share) -> Html:
    """Return a share as n/N, with per cent."""
    return words("results.share", part=shown.part, whole=shown.whole, percent=shown.percent)


def flagged(words: Words, shown: Share, good_rate: float, *, due: int) -> Html:
    """Return a share as n/N, with per cent; one below the line is marked, and of nothing that is said.

    `due`: how many are by now; as long as none is, nothing is marked.
    """
    if not shown.whole:
        return words("grade.nothing_due")
    key = "grade.share_reached" if not due or shown.reaches(good_rate) else "grade.share_below"
    return words(key, share=share(words, shown))


def grade_name(words: Words, grade: Grade) -> Html:
    """Return what a grade is called."""
    return words(f"results.grade_{grade}")
