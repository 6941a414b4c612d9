"""How shares and grades read, wherever they are told."""

from models.publication import Grade
from models.share import Share
from services.evaluation.rates import Counted
from texts.catalogue import Html, Words


def share(words: Words, shown: Share) -> Html:
    """Return a share as n/N, with per cent."""
    return words("results.share", part=shown.part, whole=shown.whole, percent=shown.percent)


def done_share(words: Words, counted: Counted, good_rate: float) -> Html:
    """Return how many of all are done; it is marked where of those that are due too few are, with how many of these."""
    shown, of_due = share(words, counted.is_done), counted.is_done_of_due
    if of_due.reaches(good_rate):
        return words("grade.share_reached", share=shown)
    if of_due == counted.is_done:
        return words("grade.share_below", share=shown)
    return words("grade.share_below_of_due", share=shown, due=share(words, of_due))


def in_time_share(words: Words, counted: Counted, good_rate: float) -> Html:
    """Return how many that are due came by their day; too few are marked, and where none is due that is said."""
    if not counted.is_in_time.whole:
        return words("grade.nothing_due")
    key = "grade.share_reached" if counted.is_in_time.reaches(good_rate) else "grade.share_below"
    return words(key, share=share(words, counted.is_in_time))


def grade_name(words: Words, grade: Grade) -> Html:
    """Return what a grade is called."""
    return words(f"results.grade_{grade}")
