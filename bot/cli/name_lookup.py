"""What was meant by a name or an id on the command line."""

from collections.abc import Iterable
from difflib import get_close_matches


class AmbiguousName(Exception):
    """Nothing, or more than one thing, is called so; the message names what may have been meant."""


def look_up(kind: str, wanted: str, known: Iterable[tuple[str, str]]) -> str:
    """Return the id of what is meant; `known` are ids and names. Raises Unclear."""
    names = dict(known)
    if wanted in names:
        return wanted
    called_so = [key for key, name in names.items() if name == wanted]
    if len(called_so) == 1:
        return called_so[0]
    if called_so:
        raise AmbiguousName(f"More than one {kind} is called {wanted}; say which by its id: {', '.join(called_so)}.")
    if not names:
        raise AmbiguousName(f"There is no {kind} yet; import a county file first.")
    near = get_close_matches(wanted, [*names, *names.values()], n=3, cutoff=0.5)
    meant = [f"{key} ({name})" for key, name in names.items() if key in near or name in near]
    if meant:
        raise AmbiguousName(f"There is no {kind} {wanted}; did you mean {' or '.join(meant[:3])}?")
    some = [f"{key} ({name})" for key, name in list(names.items())[:3]]
    raise AmbiguousName(f"There is no {kind} {wanted}; give an id or a name, such as {', '.join(some)}.")
