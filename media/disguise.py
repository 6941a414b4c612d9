"""Changes a voice so that it is harder to recognise and still easy to understand. Harder, not impossible.

Pitch and formants (the resonances of throat and mouth, by which a voice is known even when its pitch changes) are moved
by factors of their own, drawn anew for every message; both also wander slowly, in a way that is drawn as well, so that
no factor, even a guessed one, undoes it for a whole message.
"""

import math
import secrets
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

_FRAME: Final = 1024  # samples at 24 kHz: 43 ms
_HOP: Final = _FRAME // 4
_BINS: Final = _FRAME // 2 + 1
_BLOCK: Final = 512  # frames at a time, so that a long sound takes little memory beyond its own
_LIFTER: Final = 40  # cepstral coefficients that make the envelope: formants, not the voice's pitch
_ROUNDS: Final = 6  # until the envelope runs over the harmonics' tops, not between them
_MAX_GAIN: Final = 12.0
_COMPRESSED_ABOVE, _LOUDEST = 0.7, 0.98
_WAVES: Final = 3
_PITCH_DRIFT: Final = 0.05  # at most, of the pitch, up and down
_FORMANTS_DRIFT: Final = 0.04

Samples = NDArray[np.float32]
Numbers = NDArray[np.floating]


@dataclass(frozen=True)
class Drift:
    """A slow random drift: the mean of sine waves, each by its period in seconds and its phase in radians."""

    waves: tuple[tuple[float, float], ...] = ()

    @classmethod
    def draw(cls) -> "Drift":
        """Return a random drift."""
        return cls(tuple((_between(2, 7), _between(0, 2 * math.pi)) for _ in range(_WAVES)))

    def at(self, seconds: Numbers) -> Numbers:
        """Return the drift at each moment, from -1 to 1."""
        waves = [np.sin(2 * np.pi * seconds / lasts + begins) for lasts, begins in self.waves]
        return np.asarray(sum(waves, np.zeros_like(seconds)) / max(1, len(waves)))


@dataclass(frozen=True)
class VoiceShift:
    """The factors by which a voice's pitch and formants are shifted, and how they drift."""

    pitch: float
    formants: float
    pitch_drift: Drift = Drift()
    formants_drift: Drift = Drift()

    @classmethod
    def draw(cls) -> "VoiceShift":
        """Return random factors that change a voice and leave it understandable: two to four semitones, either way."""
        pitch = _between(1.14, 1.28) ** _sign()
        formants = _between(1.10, 1.20) ** _sign()
        return cls(pitch, formants, Drift.draw(), Drift.draw())


def disguised(samples: Samples, rate: int, shift: VoiceShift | None = None) -> Samples:
    """Return mono samples (-1 to 1, `rate` a second) of the same length and loudness in another voice."""
    shift = shift or VoiceShift.draw()
    if len(samples) < _FRAME:
        return np.zeros_like(samples)  # too short to hold a word, and too short to be changed
    stretched = _stretched(samples, shift.pitch)
    return _with_loudness_of(samples, _with_formants(_resampled(stretched, len(samples), rate, shift), rate, shift))


def _stretched(samples: Samples, factor: float) -> Samples:
    """Make a sound longer by a factor and leave its pitch: a phase vocoder."""
    window = np.hanning(_FRAME).astype(np.float32)
    padded = np.concatenate([np.zeros(_FRAME, np.float32), samples, np.zeros(2 * _FRAME, np.float32)])
    steps = int((len(samples) + _FRAME) * factor / _HOP)
    out = np.zeros((steps + 4, _HOP), np.float32)
    expected = 2 * np.pi * _HOP * np.arange(_BINS) / _FRAME
    phase = np.angle(np.fft.rfft(window * padded[:_FRAME]))
    for first in range(0, steps, _BLOCK):
        at = (np.arange(first, min(first + _BLOCK, steps)) * _HOP / factor).astype(int)
        at = np.minimum(at, len(padded) - _FRAME - _HOP)[:, None] + np.arange(_FRAME)
        current, following = (np.fft.rfft(window * padded[places]) for places in (at, at + _HOP))
        deviation = np.angle(following) - np.angle(current) - expected
        advance = expected + deviation - 2 * np.pi * np.round(deviation / (2 * np.pi))
        phases = phase + np.cumsum(advance, axis=0)
        _add(out, first, window * np.fft.irfft(np.abs(current) * np.exp(1j * (phases - advance))))
        phase = phases[-1] % (2 * np.pi)
    # Squared Hann windows a quarter apart add up to 1.5.
    return np.asarray(out.reshape(-1)[int(_FRAME * factor) :] / 1.5, np.float32)


def _resampled(stretched: Samples, length: int, rate: int, shift: VoiceShift) -> Samples:
    """Play a sound faster or slower, and wandering, so that it ends at its old length and another pitch."""
    out = np.zeros(length, np.float32)
    begin = 0.0
    for first in range(0, length, _BLOCK * _HOP):
        moments = np.arange(first, min(first + _BLOCK * _HOP, length)) / rate
        position = begin + np.cumsum(shift.pitch * (1 + _PITCH_DRIFT * shift.pitch_drift.at(moments)))
        begin, low = float(position[-1]), int(position[0])
        part = stretched[low : int(begin) + 2]
        if len(part):
            out[first : first + len(moments)] = np.interp(position - low, np.arange(len(part)), part, right=0.0)
    return out


def _with_formants(samples: Samples, rate: int, shift: VoiceShift) -> Samples:
    """Move the spectral envelope along the frequencies, and leave the harmonics where they are."""
    window = np.sqrt(np.hanning(_FRAME)).astype(np.float32)
    padded = np.concatenate([np.zeros(_FRAME, np.float32), samples, np.zeros(2 * _FRAME, np.float32)])
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[::_HOP]
    out = np.zeros((len(frames) + 4, _HOP), np.float32)
    for first in range(0, len(frames), _BLOCK):
        spectra = np.fft.rfft(window * frames[first : first + _BLOCK])
        moments = (first + np.arange(len(spectra))) * _HOP / rate
        # By its new pitch the envelope has been moved already.
        pitch = shift.pitch * (1 + _PITCH_DRIFT * shift.pitch_drift.at(moments))
        factors = shift.formants * (1 + _FORMANTS_DRIFT * shift.formants_drift.at(moments)) / pitch
        envelopes = _envelopes(np.abs(spectra))
        gains = np.exp(_moved(envelopes, factors) - envelopes)
        _add(out, first, window * np.fft.irfft(spectra * np.clip(gains, 1 / _MAX_GAIN, _MAX_GAIN)))
    # Hann windows a quarter apart add up to 2.
    return np.asarray(out.reshape(-1)[_FRAME : _FRAME + len(samples)] / 2, np.float32)


def _envelopes(magnitudes: Numbers) -> Numbers:
    """Return the logarithm of what throat and mouth make of each spectrum, harmonics taken out of it."""
    logarithms = np.log(magnitudes + 1e-6)
    smooth = logarithms
    for _ in range(_ROUNDS):
        cepstra = np.fft.irfft(np.maximum(logarithms, smooth))
        cepstra[:, _LIFTER:-_LIFTER] = 0
        smooth = np.fft.rfft(cepstra).real
    return np.asarray(smooth)


def _moved(envelopes: Numbers, factors: Numbers) -> Numbers:
    """Stretch each envelope along the frequencies by a factor of its own."""
    places = np.minimum(np.arange(_BINS) / factors[:, None], _BINS - 1.001)
    below = places.astype(int)
    share = places - below
    lower, upper = (np.take_along_axis(envelopes, at, axis=1) for at in (below, below + 1))
    return np.asarray(lower * (1 - share) + upper * share)


def _add(out: Samples, first: int, pieces: Numbers) -> None:
    """Lay frames over each other, each a hop after the one before."""
    for quarter in range(4):
        out[first + quarter : first + quarter + len(pieces)] += pieces[:, quarter * _HOP : (quarter + 1) * _HOP]


def _with_loudness_of(model: Samples, samples: Samples) -> Samples:
    """Bring a sound to the loudness it had; tops that cannot be recorded are bent, not cut."""
    strength = float(np.sqrt(np.mean(samples**2)))
    if not strength:
        return samples
    louder = samples * (float(np.sqrt(np.mean(model**2))) / strength)
    over = np.maximum(np.abs(louder) - _COMPRESSED_ABOVE, 0) / (_LOUDEST - _COMPRESSED_ABOVE)
    bent = _COMPRESSED_ABOVE + (_LOUDEST - _COMPRESSED_ABOVE) * np.tanh(over)
    return np.asarray(np.where(over > 0, np.sign(louder) * bent, louder), np.float32)


def _between(low: float, high: float) -> float:
    return low + (high - low) * secrets.randbits(53) / 2**53


def _sign() -> int:
    return 1 if secrets.randbits(1) else -1
