"""Photos are known again when they were saved anew, brightened or cropped, and others are not taken for them."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from media.look import alike, look_of

SCENES = 10


def scene(seed: int) -> Image.Image:
    """Draw a village road with houses and poles under a sky, as units photograph them."""
    rng = np.random.default_rng(seed)
    wide, high = (640, 480) if seed % 3 else (480, 640)
    horizon = rng.uniform(0.25, 0.55) * high
    down = np.linspace(0, high, high)[:, None] * np.ones((1, wide))
    light = np.where(down < horizon, 230 - 60 * down / high, 110 + 50 * down / high)
    grain = Image.fromarray(rng.integers(0, 255, (high // 16, wide // 16), dtype=np.uint8)).resize((wide, high))
    picture = Image.fromarray(np.clip(light + np.asarray(grain) * 0.35 - 45, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    for _ in range(rng.integers(3, 7)):
        left, top, breadth = rng.uniform(-0.1, 0.9) * wide, rng.uniform(0.1, 0.5) * high, rng.uniform(0.1, 0.4) * wide
        draw.rectangle([left, top, left + breadth, top + rng.uniform(0.2, 0.5) * high], fill=int(rng.uniform(40, 240)))
    for _ in range(rng.integers(1, 5)):
        x, y, size = rng.uniform(0, wide), rng.uniform(0.2, 0.8) * high, rng.uniform(0.03, 0.12) * wide
        draw.ellipse([x - size, y - size, x + size, y + size], fill=int(rng.uniform(20, 200)))
    return picture.filter(ImageFilter.GaussianBlur(1)).convert("RGB")


def jpeg(picture: Image.Image, quality: int = 85) -> bytes:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=quality)
    return written.getvalue()


def look(photo: bytes) -> bytes:
    found = look_of(photo)
    assert found is not None
    return found


def cropped(picture: Image.Image, seed: int) -> Image.Image:
    """Cut up to a fifth off at each side."""
    left, top, right, bottom = np.random.default_rng(seed).uniform(0, 0.2, 4)
    wide, high = picture.size
    return picture.crop((int(left * wide), int(top * high), int((1 - right) * wide), int((1 - bottom) * high)))


@pytest.fixture(scope="module")
def looks() -> list[bytes]:
    return [look(jpeg(scene(seed))) for seed in range(SCENES)]


def test_a_photo_that_was_saved_anew_or_brightened_is_known_again_and_no_other(looks: list[bytes]) -> None:
    for seed, own in enumerate(looks):
        picture = scene(seed)
        smaller = jpeg(picture.resize((picture.width // 2, picture.height // 2)), 40)
        brighter = jpeg(picture.point(lambda value: min(255, int(value * 1.2 + 8))), 60)
        for changed in (smaller, brighter):
            assert [at for at, found in enumerate(alike(look(changed), looks)) if found] == [seed]
        assert alike(own, [own]) == [True]


def test_nearly_all_that_were_cropped_are_known_again_whichever_came_first(looks: list[bytes]) -> None:
    parts = [look(jpeg(cropped(scene(seed), seed), 60)) for seed in range(SCENES)]
    as_part = [alike(part, looks) for part in parts]
    as_whole = [alike(own, parts) for own in looks]
    assert sum(found[seed] for seed, found in enumerate(as_part)) >= SCENES - 2
    assert sum(found[seed] for seed, found in enumerate(as_whole)) >= SCENES - 2
    false_alarms = sum(found[other] for seed, found in enumerate(as_part) for other in range(SCENES) if other != seed)
    assert false_alarms == 0


def test_what_is_of_one_shade_and_what_does_not_open_have_no_look() -> None:
    assert look_of(jpeg(Image.new("RGB", (300, 200), (90, 90, 90)))) is None
    assert look_of(b"\xff\xd8 no picture \xff\xd9") is None
