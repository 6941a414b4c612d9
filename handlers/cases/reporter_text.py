"""Words that go to a reporter: before they are taken, their writer is told what cannot go there."""

from handlers.forms import FormContext, Given, Rejected
from services.cases.dialogue import ContainsContact, refuse_contact_details


async def text_for_reporters(form: FormContext, given: Given, most: int) -> str:
    """Return words that can go to a reporter; raise Rejected with what to do. `most` is in characters."""
    if not given.text or len(given.text) > most:
        raise Rejected(form.words("team.text_please", most=most))
    try:
        await refuse_contact_details(form.context.work, given.text)
    except ContainsContact:
        raise Rejected(form.words("team.leads_away")) from None
    return given.text
