"""Lets in who begins to write, or comes with a receipt code: by a proof of work, or without one, so many a minute.

Nobody is told from anybody else for it. Counts and used proofs are in the memory of this process alone.
"""

import hashlib
import hmac
import json
import secrets
from datetime import UTC, datetime, timedelta

import altcha

LOOK_UPS_A_MINUTE = 300  # without a proof, for the load alone: codes of 80 random bits are not guessed
WITHOUT_PROOF_A_MINUTE = 20
FEWEST_TRIES = 2**16  # at most, half of it on average: a second or two of a cheap phone
_UNHURRIED = 30  # let in by proof in a minute, before the next proof is twice as dear
_TIMES_TWICE = 5
_LASTS = timedelta(hours=1)
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


class Admission:
    """Makes challenges and decides who is let in."""

    def __init__(self, secret: bytes) -> None:
        self._secret = hmac.digest(secret, b"xunsheng/work/1", hashlib.sha256)
        self._used: dict[str, datetime] = {}  # signature of a challenge that was answered -> until when it is valid
        self._by_proof, self._without_proof, self._look_ups = PerMinute(), PerMinute(), PerMinute()

    def challenge(self, now: datetime) -> str:
        """Return a new challenge as JSON. It becomes dearer while many are let in."""
        twice = min(_TIMES_TWICE, self._by_proof.times(now) // _UNHURRIED)
        made = altcha.create_challenge(
            "SHA-256",
            1,
            counter=secrets.randbelow(FEWEST_TRIES << twice),
            data={"made": int(now.timestamp())},  # by the product's clock, which the library does not know
            hmac_secret=self._secret,
        )
        return json.dumps(made.to_dict(), separators=(",", ":"))

    def lets_in(self, proof: str, now: datetime) -> bool:
        """Whether somebody is let in with a proof, which counts once, or without one while there is room."""
        return self.takes(proof, now) or self._without_proof.takes(now, WITHOUT_PROOF_A_MINUTE)

    def looks_up(self, proof: str, now: datetime) -> bool:
        """Whether one more receipt code may be looked up: with a proof, or without one while there is room."""
        return self.takes(proof, now) or self._look_ups.takes(now, LOOK_UPS_A_MINUTE)

    def takes(self, proof: str, now: datetime) -> bool:
        """Whether it is a proof, and one that was not used before: it counts once."""
        is_taken = self._is_new(proof, now)
        if is_taken:
            self._by_proof.count(now)
        return is_taken

    def _is_new(self, proof: str, now: datetime) -> bool:
        solved = self._solved(proof)
        if solved is None:
            return False
        self._used = {signature: until for signature, until in self._used.items() if until > now}
        signature, until = solved
        if signature in self._used or until <= now:
            return False
        self._used[signature] = until
        return True

    def _solved(self, proof: str) -> tuple[str, datetime] | None:
        """Return the signature of the challenge that a proof solves, and until when it is valid; None of no proof."""
        if not proof or len(proof) > _LONGEST_PROOF:
            return None
        try:
            payload = altcha.Payload.from_base64(proof)
            if not altcha.verify_solution(payload, self._secret).verified:
                return None
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):  # it is something else altogether
            return None
        signed = payload.challenge.parameters.data or {}
        return str(payload.challenge.signature), datetime.fromtimestamp(signed["made"], UTC) + _LASTS
