"""How often each choice was made in a poll: opened, counted and sealed again, as long whatever the numbers are."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.polls import Poll
from privacy.keyring import Keyring
from services.polls.questions import QUESTIONS, Choice

_DIGITS = 6  # of each number, so that the length of what is sealed tells nothing

Counts = Mapping[str, Mapping[Choice, int]]


@dataclass(frozen=True)
class Answer:
    """What one person chose, for each aspect that a poll asks about."""

    choices: Mapping[str, Choice]

    def fits(self, poll: Poll) -> bool:
        """Whether it answers exactly what is asked."""
        return set(self.choices) == set(QUESTIONS[poll.questions])


def seal_nothing(keyring: Keyring, poll: Poll) -> None:
    """Begin to count, or forget what was counted."""
    _seal(keyring, poll, {aspect: dict.fromkeys(Choice, 0) for aspect in QUESTIONS[poll.questions]})


def add(keyring: Keyring, poll: Poll, answer: Answer) -> None:
    """Count one answer more. Raises KeyDestroyed."""
    counts = counts_of(keyring, poll)
    _seal(
        keyring,
        poll,
        {
            aspect: {choice: count + (answer.choices[aspect] is choice) for choice, count in of_aspect.items()}
            for aspect, of_aspect in counts.items()
        },
    )


def counts_of(keyring: Keyring, poll: Poll) -> Counts:
    """Return what was counted so far. Raises KeyDestroyed."""
    kept = keyring.round(poll.round_id).sealing.open_json(poll.id, poll.sealed)
    return {
        aspect: {choice: int(kept[aspect][choice.value]) for choice in Choice} for aspect in QUESTIONS[poll.questions]
    }


def _seal(keyring: Keyring, poll: Poll, counts: Counts) -> None:
    kept = {
        aspect: {choice.value: f"{count:0{_DIGITS}}" for choice, count in of_aspect.items()}
        for aspect, of_aspect in counts.items()
    }
    poll.sealed = keyring.round(poll.round_id).sealing.seal_json(poll.id, kept)
