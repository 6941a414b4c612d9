"""What browsers record in a page is taken as a voice: WebM from most, MP4 in fragments from Safari."""

import io
from typing import Any

import av
import numpy as np
import pytest

from media.kinds import FileKind
from media.recordings import remake_media

RATE = 48_000  # samples a second
AS_IT_COMES = {"movflags": "frag_keyframe+empty_moov+default_base_moof", "frag_duration": "1000000"}


def recorded(container: str, codec: str, options: dict[str, str]) -> bytes:
    """Return two seconds of a tone in a container that was written while they were heard, without its length."""
    kept = io.BytesIO()
    tone = (np.sin(2 * np.pi * 200 * np.arange(2 * RATE) / RATE) * 8000).astype(np.int16)
    with av.open(kept, "w", format=container, options=options) as output:
        stream: Any = output.add_stream(codec, rate=RATE)
        for start in range(0, len(tone), 1024):
            frame = av.AudioFrame.from_ndarray(tone[start : start + 1024].reshape(1, -1), format="s16", layout="mono")
            frame.sample_rate, frame.pts = RATE, start
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return kept.getvalue()


@pytest.mark.parametrize(
    ("container", "codec", "options"),
    [
        pytest.param("webm", "libopus", {"live": "1"}, id="Chromium, Firefox"),
        pytest.param("mp4", "aac", AS_IT_COMES, id="Safari"),
        pytest.param("mp4", "libopus", AS_IT_COMES, id="newer Chromium"),
        pytest.param("ogg", "libopus", {}, id="older Firefox"),
    ],
)
@pytest.mark.parametrize("disguise", [True, False], ids=["disguised", "as it sounds"])
def test_a_voice_recorded_in_a_page_is_taken(
    container: str, codec: str, options: dict[str, str], disguise: bool
) -> None:
    cleaned = remake_media(recorded(container, codec, options), disguise=disguise)
    assert cleaned.kind is FileKind.VOICE
    voice: Any
    with av.open(io.BytesIO(cleaned.data)) as voice:
        seconds = sum(frame.samples / frame.sample_rate for frame in voice.decode(audio=0))
    assert seconds == pytest.approx(2, abs=0.2)
