"""What staff write to a reporter: sentences that are there in every language, own words, or both, and a look at it."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.cases.reporter_text import text_for_reporters
from handlers.forms import FormContext, FormInput, Rejected
from services.cases.dialogue import composed
from services.cases.promises import sounds_like_promise
from texts.catalogue import Html
from texts.message import Button, Message, Rows, WrittenFor, in_rows


@dataclass(frozen=True)
class Composition:
    """What was chosen and written so far: the names of prepared sentences, and own words."""

    prepared: tuple[str, ...] = ()
    text: str = ""

    @property
    def parts(self) -> int:
        """How many sentences and words of one's own there are."""
        return len(self.prepared) + bool(self.text)


@dataclass(frozen=True)
class Composing:
    """The step of a form in which words for a reporter are put together; the name of the step, and its limits.

    `most`: sentences and own words together.
    """

    step: str
    longest: int  # characters of own words
    most: int

    def of(self, form: FormContext) -> Composition:
        """Return what a form holds of it so far."""
        kept = form.answers.get(self.step) or {}
        if isinstance(kept, str):  # an earlier version kept own words alone
            return Composition(text=kept)
        return Composition(tuple(kept.get("prepared", ())), kept.get("text", ""))

    async def read(self, form: FormContext, entered: FormInput) -> dict[str, object]:
        """Take own words, in place of those written before. Raises Rejected."""
        text = await text_for_reporters(form, entered, self.longest)
        return self._checked(form, Composition(self.of(form).prepared, text))

    async def choose(self, form: FormContext, name: str, offered: Sequence[str]) -> dict[str, object]:
        """Add a prepared sentence, or take it out again. Raises Rejected."""
        if name not in offered:
            raise Rejected(form.words("team.press_unknown"))
        before = self.of(form)
        others = tuple(one for one in before.prepared if one != name)
        prepared = others if name in before.prepared else (*others, name)
        return self._checked(form, Composition(tuple(sorted(prepared, key=offered.index)), before.text))

    def question(self, form: FormContext, text: Html, offered: Sequence[str]) -> Message:
        """Return the question in which sentences can be chosen and words written."""
        return Message(text, (*self._choices(form, offered), (form.cancel,)), written_for=WrittenFor.REPORTER)

    def preview(self, form: FormContext, number: Html, offered: Sequence[str]) -> Message:
        """Return what the reporter will read, with what can still be added or taken out."""
        written = self.of(form)
        shown = composed(form.words, written.prepared, written.text)
        text = form.words("team.look_at_words", number=number, text=shown)
        if sounds_like_promise(written.text):
            text = Html(f"{text}\n\n{form.words('team.sounds_like_promise')}")
        return Message(text, self._choices(form, offered), written_for=WrittenFor.REPORTER)

    def _checked(self, form: FormContext, written: Composition) -> dict[str, object]:
        if written.parts > self.most:
            raise Rejected(form.words("team.most_questions", most=self.most))
        if not written.parts:
            raise Rejected(form.words("team.something_must_stay"))
        return {"prepared": list(written.prepared), "text": written.text}

    def _choices(self, form: FormContext, offered: Sequence[str]) -> Rows:
        chosen = self.of(form).prepared
        return in_rows([self._button(form, name, is_chosen=name in chosen) for name in offered], 2)

    def _button(self, form: FormContext, name: str, *, is_chosen: bool) -> Button:
        label = form.words(f"team.prepared_{name}")
        marked = form.words.plain("team.chosen" if is_chosen else "team.not_chosen", label=label)
        return form.choice(marked, name, of_step=self.step)
