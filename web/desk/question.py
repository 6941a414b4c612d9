"""What the form asks that somebody on the staff is filling in, as a page shows it."""

from dataclasses import dataclass

from handlers.forms import cancel_button, is_at_preview, state_of, takes_words
from texts.message import Message
from web.desk.desk import PageContext


@dataclass(frozen=True)
class ShownQuestion:
    """A question, and how it can be answered."""

    message: Message
    takes_words: bool
    is_preview: bool = False
    asked_in: str = ""  # the state of the form that it belongs to


async def question_of(context: PageContext) -> ShownQuestion | None:
    """Return what the open form asks; None when none is open.

    It is shown as it was asked: a preview may be counted as a look, and is not to be counted again at every page. One
    that was begun elsewhere, in a chat or another browser, goes on there, or is cancelled.
    """
    form = context.handler.form
    if form is None:
        return None
    asked = context.flash.question_in(form)
    message = await context.rendered(asked) if asked else None
    if message is None:
        cancel = ((cancel_button(context.words, form),),)
        return ShownQuestion(Message(context.words("desk.begun_elsewhere"), cancel), takes_words=False)
    return ShownQuestion(message, takes_words(form), is_at_preview(form), state_of(form))
