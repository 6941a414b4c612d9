"""Whether two complaints about one place and one category tell of the same matter: a table of rules over their words.

Words are compared as they sound, simplified and in standard words, so that 水尼廠 is 水泥厂. Nothing of this is stored.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from models.urgency import Urgency
from privacy.traces.surnames import SINGLE
from services.cases.masking import blanked
from services.intake.folding import is_han
from services.intake.lexicon import lexicon

_MOST_SIGNS = 3000  # of one complaint that are compared
_MOST_WORDS = 4  # that a reader is shown
# Signs that stand in every text, whatever it is about.
_IN_EVERY_TEXT = frozenset(
    "的了是在往我们你他她它咱俺不没有也就都还又再去来到从给向对为以于之其这那个些么什着过得地把被和与跟及或要想会能可该"
    "说讲问看叫请让吗呢吧啊哦嘛啦咯呀哈很太最更好人家里上下前后中外多少几一二三四五六七八九十两年月日天次时候现今"
    "谁哪怎样事情希望反映举报领导组织巡察处理解决管"
)
# Surnames that begin everyday words such as 国家 and 农家 as well.
_IN_WORDS = "国全农安成万时和从那有管都于相向平方水何易常养种原空后连通边能公终步归居"
_SURNAME = f"[{''.join(sorted(SINGLE.difference(_IN_WORDS)))}]"
_FAMILY_FOLLOWS = "家|某|氏|老汉|老头|婆婆|奶奶|爷爷|大爷|大妈|大叔|大伯|大姐|大哥|嫂子|叔|伯|婶|娘|老板"
_NO_FAMILY = "湾沟坪寨坝坡冲岭桥屯河营堡店岗庄村组塘山镇乡"  # after 家: the name of a place
_IS_CALLED = "户主|村民|邻居|会计|主任|书记|支书|村长|组长|队长|老板|亲戚|小舅子|老表|叫|名叫"
_SIGN = "[\u4e00-\u9fff]"
_GIVEN_NAME_ENDS = "家|一家|户|吃低保|领低保|占|拿了|的|是|也|都|在|把|说|,|。|、|$"
_FAMILY = re.compile(rf"[老小]?({_SURNAME})(?:{_FAMILY_FOLLOWS})(?![{_NO_FAMILY}])")
_NAMED = re.compile(rf"(?:{_IS_CALLED})({_SURNAME}{_SIGN}{{1,2}}?)(?={_GIVEN_NAME_ENDS})")
_WHOLE_NAME = re.compile(rf"(?<!{_SIGN})({_SURNAME}{_SIGN}{{1,2}})(?=家|一家|户|吃低保|领低保)")


@dataclass(frozen=True)
class Told:
    """What is compared of a case: what its reporters said, where, and how urgent it is."""

    texts: Sequence[str]
    village_id: str | None
    urgency: Urgency
    place_names: Collection[str] = ()  # they say where it is, and not what

    @cached_property
    def text(self) -> str:
        """The texts as one, in simplified signs and standard words, with blanks for the names of places."""
        text = lexicon().standard(blanked("\n".join(self.texts))[:_MOST_SIGNS])
        for name in sorted(map(lexicon().standard, self.place_names), key=len, reverse=True):
            text = text.replace(name, " " * len(name)) if name else text
        return text

    @cached_property
    def pairs(self) -> dict[str, list[int]]:
        """The pairs of neighbouring signs that say something, as they sound, and where each stands."""
        text, sounds = self.text, lexicon().sound(self.text)
        found: dict[str, list[int]] = {}
        for place in range(len(text) - 1):
            signs = text[place : place + 2]
            if all(map(is_han, signs)) and _IN_EVERY_TEXT.isdisjoint(signs):
                found.setdefault(sounds[place : place + 2], []).append(place)
        return found

    @cached_property
    def people(self) -> frozenset[str]:
        """The surnames, or whole names, of the families and persons that are spoken of."""
        return frozenset(_people_in(self.text))


@dataclass(frozen=True)
class Likeness:
    """Why two complaints seem to tell of the same matter."""

    same_village: bool  # or else a neighbouring one
    words: tuple[str, ...]  # that both hold, as the first one has them
    both_urgent: bool


@dataclass(frozen=True)
class _Found:
    """What two complaints have in common."""

    pairs: int  # of signs
    of: int  # pairs in the one that says less
    same_village: bool
    both_urgent: bool


# One that applies is enough. Somebody on the team looks at both: it is shown rather once too often.
_RULES: tuple[Callable[[_Found], bool], ...] = (
    lambda found: found.pairs >= 6,
    lambda found: found.same_village and found.both_urgent,
    lambda found: found.same_village and found.pairs >= 3,
    lambda found: found.same_village and found.pairs >= 2 and found.pairs * 4 >= found.of,
    lambda found: found.pairs >= 3 and found.pairs * 4 >= found.of,
)


def likeness(one: Told, other: Told) -> Likeness | None:
    """Return why two complaints seem to tell of the same matter; None when they do not.

    Those that speak of different families or persons do not, however alike they are.
    """
    if are_rivals(one, other):
        return None
    shared = one.pairs.keys() & other.pairs.keys()
    same_village = one.village_id is not None and one.village_id == other.village_id
    both_urgent = Urgency.NORMAL not in (one.urgency, other.urgency)
    found = _Found(len(shared), min(len(one.pairs), len(other.pairs)), same_village, both_urgent)
    if not any(rule(found) for rule in _RULES):
        return None
    return Likeness(same_village, _words(one, shared), both_urgent)


def are_rivals(one: Told, other: Told) -> bool:
    """Whether two complaints speak of families or persons, and of none that both mean."""
    if not one.people or not other.people:
        return False
    return not any(_same_person(mine, yours) for mine in one.people for yours in other.people)


def _same_person(one: str, other: str) -> bool:
    """Whether two names may be one person's: a surname alone may be anybody's of that name."""
    return one.startswith(other) or other.startswith(one)


def _people_in(text: str) -> Iterable[str]:
    for pattern in (_NAMED, _WHOLE_NAME, _FAMILY):
        yield from (found[1] for found in pattern.finditer(text))


def _words(one: Told, shared: Collection[str]) -> tuple[str, ...]:
    """Return the longest pieces of a text that hold nothing but shared pairs, in the order of the text."""
    places = sorted(place for pair in shared for place in one.pairs[pair])
    pieces: list[tuple[int, int]] = []
    for place in places:
        if pieces and place < pieces[-1][1]:
            pieces[-1] = (pieces[-1][0], place + 2)
        else:
            pieces.append((place, place + 2))
    words = dict.fromkeys(one.text[start:end] for start, end in pieces)
    longest = sorted(words, key=len, reverse=True)[:_MOST_WORDS]
    return tuple(word for word in words if word in longest)
