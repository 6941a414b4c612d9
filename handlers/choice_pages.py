"""What a form offers in pages of buttons: the choices, a button that turns the page, one that cancels."""

from collections.abc import Sequence

from handlers.forms import FormContext
from texts.message import Rows

CHOICES_A_PAGE = 8
_TURN = "page-"


def choice_page(form: FormContext, choices: Sequence[tuple[str, str]], start: int) -> Rows:
    """Return the buttons of the choices from one on; each is given as its label and its value."""
    following = start + CHOICES_A_PAGE
    offered = [(form.choice(label, value),) for label, value in choices[start:following]]
    more = [(form.choice(form.words.plain("item.button_more"), f"{_TURN}{following}"),)]
    return (*offered, *(more if len(choices) > following else []), (form.cancel,))


def start_of_page(value: str) -> int | None:
    """Return where the page begins to which a button turns; None for the value of a choice."""
    page = value.removeprefix(_TURN)
    if page == value:
        return None
    return int(page) if page.isdecimal() else 0
