"""Lets in who begins to write, or comes with a receipt code: by a proof of work, or without one, so many a minute.

Nobody is told from anybody else for it. Counts and used proofs are in the memory of this process alone. What is sent is
named by the caller (`sent`), the same when it is sent again: on a bad line nobody works twice for one thing.
"""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import altcha

LOOK_UPS_A_MINUTE = 300  # without a proof, for the load alone: codes of 80 random bits are not guessed
WITHOUT_PROOF_A_MINUTE = 20
FEWEST_TRIES = 2**16  # at most, half of it on average: a second or two of a cheap phone
DOUBLED_AFTER = 30  # let in by proof in a minute, and the next proof is twice as dear
_MOST_DOUBLINGS = 5
_LASTS = timedelta(hours=1)
_PRICE_STANDS = timedelta(minutes=5)  # after that a proof costs what one costs now, or cheap ones would be hoarded
RESENDS = 3  # of one thing with the same proof
_LONGEST_PROOF = 2000


class PerMinute:
    """Counts something within the minute, whoever does it."""

    def __init__(self) -> None:
        self._minute: datetime | None = None
        self._times = 0

    def times(self, now: datetime) -> int:
        """Return how often it was done in this minute."""
        minute = now.replace(second=0, microsecond=0)
        if minute != self._minute:
            self._minute, self._times = minute, 0
        return self._times

    def count(self, now: datetime) -> None:
        """Count it once more."""
        self._times = self.times(now) + 1

    def takes(self, now: datetime, most: int) -> bool:
        """Count it once more if that makes no more than `most`; return whether it does."""
        if self.times(now) >= most:
            return False
        self.count(now)
        return True


@dataclass(frozen=True)
class _Solved:
    """A challenge that was solved: its signature, when it was made, and how often its price had been doubled."""

    signature: str
    made: datetime
    doublings: int

    @property
    def until(self) -> datetime:
        """Until when it is a proof."""
        return self.made + _LASTS


@dataclass(frozen=True)
class _Used:
    """What a proof was used for, how often, and until when it must be remembered."""

    sent: str
    times: int
    until: datetime


class Admission:
    """Makes challenges and decides who is let in."""

    def __init__(self, secret: bytes) -> None:
        self._secret = hmac.digest(secret, b"xunsheng/work/1", hashlib.sha256)
        self._used: dict[str, _Used] = {}  # by the signature of the challenge
        self._by_proof, self._without_proof, self._look_ups = PerMinute(), PerMinute(), PerMinute()

    def challenge(self, now: datetime) -> str:
        """Return a new challenge as JSON. It becomes dearer while many are let in."""
        doublings = self._doublings(now)
        made = altcha.create_challenge(
            "SHA-256",
            1,
            counter=secrets.randbelow(FEWEST_TRIES << doublings),
            # When it was made by the product's clock, which the library does not know.
            data={"made": int(now.timestamp()), "doublings": doublings},
            hmac_secret=self._secret,
        )
        return json.dumps(made.to_dict(), separators=(",", ":"))

    def lets_in(self, proof: str, now: datetime, sent: str) -> bool:
        """Whether somebody is let in with a proof, which counts for one thing, or without one while there is room."""
        return self.takes(proof, now, sent) or self.lets_in_without_proof(now)

    def lets_in_without_proof(self, now: datetime) -> bool:
        """Whether somebody is let in without a proof, while there is room."""
        return self._without_proof.takes(now, WITHOUT_PROOF_A_MINUTE)

    def looks_up(self, proof: str, now: datetime, sent: str) -> bool:
        """Whether one more receipt code may be looked up: with a proof, or without one while there is room."""
        return self.takes(proof, now, sent) or self._look_ups.takes(now, LOOK_UPS_A_MINUTE)

    def takes(self, proof: str, now: datetime, sent: str) -> bool:
        """Whether it is a proof, and one that was used for nothing else before."""
        is_taken = self._counts(proof, now, sent)
        if is_taken:
            self._by_proof.count(now)
        return is_taken

    def _counts(self, proof: str, now: datetime, sent: str) -> bool:
        solved = _solved(proof, self._secret)
        if solved is None or solved.until <= now:
            return False
        self._used = {signature: used for signature, used in self._used.items() if used.until > now}
        used = self._used.get(solved.signature)
        if used is None:
            is_cheap = solved.doublings < self._doublings(now)
            if is_cheap and now - solved.made > _PRICE_STANDS:
                return False
        elif used.sent != sent or used.times > RESENDS:
            return False
        self._used[solved.signature] = _Used(sent, used.times + 1 if used else 1, solved.until)
        return True

    def _doublings(self, now: datetime) -> int:
        """Return how often the price of a proof is doubled in this minute."""
        return min(_MOST_DOUBLINGS, self._by_proof.times(now) // DOUBLED_AFTER)


def _solved(proof: str, secret: bytes) -> _Solved | None:
    """Return the challenge of ours that a proof solves; None of no proof."""
    if not proof or len(proof) > _LONGEST_PROOF:
        return None
    try:
        payload = altcha.Payload.from_base64(proof)
        if not altcha.verify_solution(payload, secret).verified:
            return None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):  # it is something else altogether
        return None
    signed = payload.challenge.parameters.data or {}
    made = datetime.fromtimestamp(signed["made"], UTC)
    return _Solved(str(payload.challenge.signature), made, signed.get("doublings", 0))
