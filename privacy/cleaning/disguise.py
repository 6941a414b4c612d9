"""Changes a voice so that it is harder to recognise and still easy to understand. Harder, not impossible.

Pitch and formants (the resonances of throat and mouth, by which a voice is known even when its pitch changes) are moved
by factors of their own, drawn anew for every message; the pitch also drifts slowly, so that one factor does not undo
it.
"""

import math
import secrets
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

_FRAME: Final = 1024  # samples at 24 kHz: 43 ms
_HOP: Final = _FRAME // 4
_LIFTER: Final = 32  # cepstral coefficients that make the envelope: formants, not the voice's pitch
_DRIFT: Final = 0.03  # of the pitch, up and down
_DRIFT_SECONDS: Final = 3.7
_MOST_GAIN: Final = 8.0

Samples = NDArray[np.float32]


@dataclass(frozen=True)
class Mask:
    """By which factors a voice is moved. `phase` in radians: where the drift begins."""

    pitch: float
    formants: float
    phase: float = 0.0

    @classmethod
    def draw(cls) -> "Mask":
        """Draw factors that can be heard and understood: two to four semitones, either way."""
        pitch = _between(1.14, 1.28) ** _sign()
        formants = _between(1.08, 1.18) ** _sign()
        return cls(pitch, formants, _between(0, 2 * math.pi))


def disguised(samples: Samples, rate: int, mask: Mask | None = None) -> Samples:
    """Return mono samples (-1 to 1, `rate` a second) of the same length in another voice."""
    mask = mask or Mask.draw()
    if len(samples) < _FRAME:
        return np.zeros_like(samples)  # too short to hold a word, and too short to be changed
    stretched = _stretched(samples, mask.pitch)
    repitched = _resampled(stretched, len(samples), rate, mask)
    return _with_formants(repitched, mask.formants / mask.pitch)


def _stretched(samples: Samples, factor: float) -> Samples:
    """Make a sound longer by a factor and leave its pitch: a phase vocoder."""
    window = np.hanning(_FRAME).astype(np.float32)
    padded = np.concatenate([np.zeros(_FRAME, np.float32), samples, np.zeros(2 * _FRAME, np.float32)])
    steps = int((len(samples) + _FRAME) * factor / _HOP)
    out = np.zeros(steps * _HOP + _FRAME, np.float32)
    expected = 2 * np.pi * _HOP * np.arange(_FRAME // 2 + 1) / _FRAME
    phase = np.angle(np.fft.rfft(window * padded[:_FRAME]))
    for step in range(steps):
        at = min(int(step * _HOP / factor), len(padded) - _FRAME - _HOP)
        here = np.fft.rfft(window * padded[at : at + _FRAME])
        ahead = np.fft.rfft(window * padded[at + _HOP : at + _HOP + _FRAME])
        out[step * _HOP : step * _HOP + _FRAME] += window * np.fft.irfft(np.abs(here) * np.exp(1j * phase)).astype(
            np.float32
        )
        turned = np.angle(ahead) - np.angle(here) - expected
        phase = phase + expected + turned - 2 * np.pi * np.round(turned / (2 * np.pi))
    return np.asarray(
        out[int(_FRAME * factor) :] / 1.5, np.float32
    )  # squared Hann windows a quarter apart add up to 1.5


def _resampled(stretched: Samples, length: int, rate: int, mask: Mask) -> Samples:
    """Play a sound faster or slower, with a slow drift, so that it ends at its old length and another pitch."""
    seconds = np.arange(length) / rate
    speed = mask.pitch * (1 + _DRIFT * np.sin(2 * np.pi * seconds / _DRIFT_SECONDS + mask.phase))
    position = np.concatenate([[0.0], np.cumsum(speed)[:-1]])
    return np.asarray(np.interp(position, np.arange(len(stretched)), stretched, right=0.0), np.float32)


def _with_formants(samples: Samples, factor: float) -> Samples:
    """Move the spectral envelope along the frequencies by a factor, and leave the harmonics where they are."""
    window = np.sqrt(np.hanning(_FRAME)).astype(np.float32)
    padded = np.concatenate([np.zeros(_FRAME, np.float32), samples, np.zeros(2 * _FRAME, np.float32)])
    out = np.zeros_like(padded)
    weight = np.zeros_like(padded)
    bins = np.arange(_FRAME // 2 + 1)
    for at in range(0, len(padded) - _FRAME, _HOP):
        spectrum = np.fft.rfft(window * padded[at : at + _FRAME])
        envelope = _envelope(np.abs(spectrum))
        moved = np.interp(bins / factor, bins, envelope)
        gain = np.clip(np.exp(moved - envelope), 1 / _MOST_GAIN, _MOST_GAIN)
        out[at : at + _FRAME] += window * np.fft.irfft(spectrum * gain).astype(np.float32)
        weight[at : at + _FRAME] += window * window
    return np.asarray((out / np.maximum(weight, 1e-3))[_FRAME : _FRAME + len(samples)], np.float32)


def _envelope(magnitude: NDArray[np.floating]) -> NDArray[np.floating]:
    cepstrum = np.fft.irfft(np.log(magnitude + 1e-6))
    cepstrum[_LIFTER:-_LIFTER] = 0
    return np.fft.rfft(cepstrum).real


def _between(low: float, high: float) -> float:
    return low + (high - low) * secrets.randbits(53) / 2**53


def _sign() -> int:
    return 1 if secrets.randbits(1) else -1
