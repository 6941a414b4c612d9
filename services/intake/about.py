"""Whom a text is about, of those who must not read it: by name, by post, by kinship, or by what they did."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from services.intake.lexicon import lexicon
from services.intake.reading import Reading, is_han, plain
from services.intake.understanding import About, AboutFinding, County, Kind, Person
from services.intake.words import Hit, Vocabulary, near, outside

_SHORTEST_NAME = 2  # signs
_NEAR = 16  # signs between the team and what is said of it
_CALLED = 8  # signs between a call upon somebody and their post


def about(reading: Reading, county: County, kind: Kind) -> list[AboutFinding]:
    """Return whom a text is about; who is only thanked, or asked for help, is not among them but by name."""
    found = list(_named(reading, county))
    if kind in _ABOUT_NOBODY:
        return found
    if not any(finding.about == About.HEAD for finding in found):
        found += _heads_by_post(reading, county)
    return found + list(_team(reading))


_ABOUT_NOBODY = (Kind.THANKS, Kind.ADVERT, Kind.ASKS_FOR_REPORTER)


def names_of_people(reading: Reading, county: County) -> list[Hit]:
    """Return where names of people on the staff stand together in a text."""
    return _names(county.people).vocabulary.longest(reading.text)


def _named(reading: Reading, county: County) -> Iterator[AboutFinding]:
    """Yield those whose name stands in the text, whatever stands between its characters."""
    letters = [place for place, sign in enumerate(reading.text) if sign.isalnum()]
    bare = "".join(reading.text[place] for place in letters)
    sounds = "".join(reading.sounds[place] for place in letters)
    names = _names(county.people)
    for written, vocabulary, people, exact in (
        (bare, names.vocabulary, names.people, True),
        (sounds, names.sound_vocabulary, names.people_by_sound, False),
    ):
        for hit in vocabulary.find(written):
            for name, person in people[hit.pattern]:
                said = bare[hit.start : hit.end]
                if exact or (said != name and said[0] == name[0]):
                    words = reading.words(letters[hit.start], letters[hit.end - 1] + 1)
                    whom = About.HEAD if person.is_head else About.STAFF_NAME
                    yield AboutFinding(whom, words, person.id if exact else None, sure=exact)


class _Names:
    """The names of people, as they are looked for."""

    def __init__(self, people: Iterable[Person]) -> None:
        self.people: dict[str, list[tuple[str, Person]]] = {}
        self.people_by_sound: dict[str, list[tuple[str, Person]]] = {}
        sounds = lexicon().sounds
        for person in people:
            name = "".join(sign for sign in plain(person.name) if sign.isalnum())
            if len(name) >= _SHORTEST_NAME:
                self.people.setdefault(name, []).append((name, person))
            if len(name) > _SHORTEST_NAME and all(map(is_han, name)):
                sound = "".join(sounds.get(sign, sign) for sign in name)
                self.people_by_sound.setdefault(sound, []).append((name, person))
        self.vocabulary = Vocabulary(self.people)
        self.sound_vocabulary = Vocabulary(self.people_by_sound)
        surnames = {plain(person.name)[0] for person in people if person.is_head and is_han(plain(person.name)[:1])}
        self.head_by_surname = Vocabulary(
            pattern.replace("@", surname) for pattern in lexicon().by_surname for surname in sorted(surnames)
        )


@lru_cache(maxsize=4)
def _names(people: tuple[Person, ...]) -> _Names:
    return _Names(people)


def _heads_by_post(reading: Reading, county: County) -> Iterator[AboutFinding]:
    head = lexicon().about["head"]
    length = len(reading.text)
    hidden = [*reading.find(head["not_posts"]), *reading.find(head["greeting"])]
    posts = outside([*reading.find(head["posts"]), *reading.find(_names(county.people).head_by_surname)], hidden, length)
    called = {post for call, post in near(reading.find(head["called_upon"]), posts, _CALLED) if call.start < post.start}
    for post in posts:
        if post not in called or _is_accused_later(reading, post):
            yield AboutFinding(About.HEAD, reading.of(post))
            return


def _is_accused_later(reading: Reading, post: Hit) -> bool:
    """Whether somebody's kin or belongings follow their post: whoever is called upon is not spoken of so."""
    return reading.text[post.end : post.end + 1] == "的"


def _team(reading: Reading) -> Iterator[AboutFinding]:
    team = lexicon().about["team"]
    length = len(reading.text)
    names = outside(reading.find(team["names"]), reading.find(team["greeted"]), length)
    for what in ("conduct", "tie", "distrust"):
        for name, said in near(names, reading.find(team[what]), _NEAR):
            if reading.sentence(name.start) == reading.sentence(said.start):
                yield AboutFinding(About.TEAM, reading.of(name, said))
                return
