"""Steps that many forms ask for: words, and one of some options."""

from collections.abc import Callable
from enum import StrEnum

from handlers.forms import Choose, FormContext, FormInput, Read, Rejected, Step, written
from texts.message import Message


def text_step(name: str, prompt: str, most: int, *, skip: Callable[[FormContext], bool] = lambda _form: False) -> Step:
    """Return a step that is answered in words, of at most so many characters. `prompt`: the key of a sentence."""

    async def ask(form: FormContext) -> Message:
        return Message(form.words(prompt, most=most), ((form.cancel,),))

    return Step(name, ask, words_of_at_most(most), skip=skip)


def words_of_at_most(most: int) -> Read:
    """Return what reads the words that are the answer to a step."""

    async def read(form: FormContext, entered: FormInput) -> str:
        return written(form, entered, most, "team.text_please")

    return read


def option_step(name: str, options: type[StrEnum], label: str, prompt: str) -> Step:
    """Return a step whose answer is one of some options, each with a button.

    `prompt`: the key of a sentence; `label`: what the key of each button's begins with.
    """

    async def ask(form: FormContext) -> Message:
        rows = tuple((form.choice(form.words.plain(f"{label}_{one}"), one),) for one in options)
        return Message(form.words(prompt), (*rows, (form.cancel,)))

    return Step(name, ask, choose=one_of(options))


def one_of(options: type[StrEnum]) -> Choose:
    """Return what takes the button of one of some options as the answer to a step."""

    async def choose(form: FormContext, value: str) -> str:
        if value not in set(options):
            raise Rejected(form.words("team.press_unknown"))
        return value

    return choose
