"""Words for a reporter that sound like a promise which others would have to keep: whoever writes them is warned."""

import re

from privacy.characters import simplified

_PROMISE = re.compile(
    r"保证|承诺|包在|负责到底|一定[会给帮把能]|肯定[会给能]"
    r"|(?:马上|立刻|尽快|很快|近期|年底前|月底前)就?会?(?:[给帮][您你])?(?:修|建|装|通|办|处理|解决|发|赔|补)"
    r"|会(?:[给帮][您你])(?:修|建|装|办|处理|解决|发|赔|补)"
    r"|\b(?:promise|guarantee)|\bas soon as possible|\bwe(?:'ll| will| shall) (?:build|repair|fix|mend|pay|solve)",
    re.IGNORECASE,
)


def sounds_like_promise(text: str) -> bool:
    """Whether a text says what somebody will do, or vows it. Signs of language, and so a hint: nobody is stopped."""
    return _PROMISE.search(simplified(text)) is not None
