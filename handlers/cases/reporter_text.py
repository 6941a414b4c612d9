"""Checks of text that goes to a reporter."""

from handlers.forms import FormContext, FormInput, Rejected, written
from services.cases.dialogue import ContainsContact, refuse_contact_details


async def text_for_reporters(form: FormContext, entered: FormInput, max_length: int) -> str:
    """Return a text that can go to a reporter. Raises Rejected when it is empty, longer than `max_length` characters,
    or holds contact details.
    """
    text = written(form, entered, max_length, "team.text_please")
    try:
        await refuse_contact_details(form.context.work, text)
    except ContainsContact:
        raise Rejected(form.words("team.contains_contact")) from None
    return text
