"""Renders each reply of the resident's conversation as messages with buttons."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from html import escape
from typing import Any

from handlers.press import Press
from handlers.resident.buttons import CLEAR_ACTIONS
from handlers.resident.crisis import crisis_words, numbers_again
from handlers.resident.highlighting import highlighted, traces_listed
from handlers.resident.messages import (
    AddedTraces,
    AdditionPreview,
    CategoryGrid,
    Choice,
    Choices,
    CrisisHelp,
    DraftPreview,
    Greeting,
    PrivacyNotice,
    ReceiptMessage,
    Sentence,
    TextReply,
    VisitSummary,
)
from handlers.resident.privacy_notice import privacy_notice
from handlers.resident.replies import WELCOME_CHOICES, satisfaction_row
from models.complaints import MessageKind
from models.rounds import PlaceKind
from models.settings import ComplaintSettings
from models.urgency import Urgency
from privacy.characters import in_script_of
from privacy.receipt import Script
from services.access.contacts import OfficeContacts
from services.cases.dialogue import TeamMessage
from services.cases.read_case import split
from services.delivery.transport import Capabilities
from services.directory import CategoryRecord
from services.intake.drafts import TOGGLES, Draft
from services.intake.place import Place
from services.intake.route import Promise, ReadBy
from services.intake.submit import Submission
from services.intake.understanding import TextKind
from services.intake.visit import ReporterAction, Visit
from services.unit_of_work import UnitOfWork
from texts.catalogue import LANGUAGES, Html, Words
from texts.message import Button, Message, Rows, in_rows

WITH_HEADING = frozenset({"protection", "help", "sure_to_clear", "cleared"})  # sentences that begin with one
QUOTE_CHARACTERS = 300  # characters of a draft that its card repeats
QUOTE_CHARACTERS_IN_CRISIS = 60
_MOST_WORDS = 3  # that are quoted for a reason
_LONGEST_WORDS = 20  # characters of them
PAGE_CHARACTERS = 4000  # characters of a visit, tags and all, that go into one message unless a single part is longer


class Renderer:
    """Renders replies in one language. `known` are the categories of the county, in its order.

    What the channel is not capable of is not offered, and while no round takes complaints, nobody is sent to scan.
    """

    def __init__(
        self,
        language: str,
        known: Sequence[CategoryRecord],
        capabilities: Capabilities | None = None,
        *,
        clocks: ComplaintSettings | None = None,
        intake_is_open: bool = True,
        local_numbers: Sequence[str] = (),
    ) -> None:
        self._local_numbers = local_numbers
        self._capabilities = capabilities or Capabilities()
        self.words = Words(language, (*(() if intake_is_open else ("intake",)), *self._capabilities.lacking))
        self._clocks = clocks or ComplaintSettings()
        self._not_offered = _beyond(self._capabilities)
        self._categories = {category.code: category for category in known}

    def messages(self, reply: TextReply) -> list[Message]:
        """Return a reply as the messages to send; the buttons are under the last."""
        match reply:
            case Sentence():
                return [self._sentence(reply)]
            case PrivacyNotice():
                return [privacy_notice(self.words)]
            case Greeting(place=place):
                return [self._greeting(place)]
            case DraftPreview() if reply.draft.meaning.crises:
                return [self._draft_in_crisis(reply)]
            case DraftPreview():
                return [self._draft_preview(reply)]
            case AdditionPreview():
                return [self._addition_preview(reply)]
            case AddedTraces(complaint_id=complaint_id, traces=traces):
                listed = traces_listed(self.words, traces)
                choices = (Choice("traces_out", "out", complaint_id), Choice("traces_stay", "stay", complaint_id))
                return [Message(self.words("resident.traces_added", traces=listed), self._rows((choices,)))]
            case CrisisHelp(crises=crises):
                told = crisis_words(self.words, crises, self._local_numbers)
                return [Message(told, urgent=told)]
            case CategoryGrid(draft=draft):
                return [self._category_grid(draft)]
            case ReceiptMessage():
                return [self._receipt(reply)]
            case VisitSummary():
                return self._visit(reply)

    def _sentence(self, sentence: Sentence) -> Message:
        values: dict[str, Any] = dict(sentence.values)
        if "day" in values:
            values["day"] = day(self.words, date.fromisoformat(str(values["day"])))
        values |= {"hours": values.get("hours", self._clocks.first_look_hours), "days": self._clocks.accept_days}
        text: str = self.words(f"resident.{sentence.key}", **values)
        if sentence.key == "help":
            text += "\n\n" + self.words("resident.help_commands")
        if sentence.contacts is not None:
            text += "\n\n" + contacts_text(self.words, sentence.contacts)
        return Message(text, self._rows(sentence.choices), has_heading=sentence.key in WITH_HEADING)

    def _greeting(self, place: Place) -> Message:
        kind = "round" if place.name is None else "village" if place.kind == PlaceKind.VILLAGE else "unit"
        team = self._team(place.team_name)
        text: str = self.words(f"resident.greeting_{kind}", team=team, place=self._place(place))
        # The round names the greeting, so that choosing a language says it again in place.
        languages = tuple(Choice(f"lang_{language}", "lang", place.round_id, language) for language in LANGUAGES)
        if self._capabilities.files:
            text += "\n" + self.words("resident.greeting_files")
        text += "\n\n" + self.words("resident.greeting_protection")
        return Message(text, self._rows((*WELCOME_CHOICES, languages)), has_heading=True)

    def _draft_preview(self, card: DraftPreview) -> Message:
        draft = card.draft
        texts = sum(piece.kind == MessageKind.TEXT for piece in draft.pieces)
        parts: list[str] = [self.words("resident.card_title")]
        parts.append(self.words("resident.card_place", place=self._place(draft.place)))
        parts.append(self.words("resident.card_counts", texts=texts, files=draft.files))
        quote = list(self._quoted(draft, QUOTE_CHARACTERS))
        parts += quote
        parts.append(self.words("resident.card_category", category=self._category(draft.chosen_or_likely_category)))
        if len(draft.matters) > 1:
            matters = self._listed(self._category(code) for code in draft.matters)
            parts.append(self.words("resident.card_matters", count=len(draft.matters), matters=matters))
        if card.promise is not None:
            parts += self._promised(card.promise, draft.place)
        if draft.meaning.kind is TextKind.LITIGATION:
            parts.append(self.words("resident.card_litigation"))
        found = draft.traces
        unsettled = draft.has_unsettled_traces
        if draft.has_voice:
            parts.append(self.words("resident.card_own_voice" if draft.own_voice else "resident.card_disguised"))
        if unsettled:
            parts.append("\n" + self._traces(draft))
        elif found:
            parts.append(self.words("resident.card_traces_stay", count=len(found)))
        if draft.self_descriptions or draft.hints:
            parts += self._self_descriptions(draft)
        what_now = "card_what_now" if any(has_words(text) for text in draft.texts) else "card_files_only"
        parts.append("\n" + self.words(f"resident.{'card_settle_traces' if draft.must_settle_traces else what_now}"))
        draft_id = draft.draft_id
        sending = (Choice("send", "send", draft_id),)
        rows: Choices = (
            *((sending,) if not draft.must_settle_traces else ()),
            *((_settling(draft),) if unsettled else ()),
            *(((Choice("told_out", "told_out", draft_id),),) if draft.self_descriptions else ()),
            *_toggle_rows(draft, draft.toggles),
            (Choice("category", "category", draft_id), Choice("discard", "discard", draft_id)),
        )
        return Message("\n".join(parts), self._rows(rows), has_heading=True, quote="".join(quote))

    def _quoted(self, draft: Draft, most: int) -> Iterator[Html]:
        """Yield the beginning of what a draft says, if it says anything, with what leads to the writer marked."""
        if draft.texts:
            quoted = highlighted(self.words, draft.texts, (*draft.mentions, *draft.self_descriptions), most)
            yield self.words("resident.quote", text=quoted)

    def _traces(self, draft: Draft) -> Html:
        """Return what names the writer, each as it is written."""
        listed = traces_listed(self.words, [(kind, written) for kind, written, _ in draft.traces])
        return self.words("resident.card_traces", traces=listed)

    def _draft_in_crisis(self, card: DraftPreview) -> Message:
        """Return the preview of a draft in a crisis: whom to call stands last, right above the button that sends.

        Where it is unsure that it is one, what leads to the writer is asked about as ever.
        """
        draft = card.draft
        quote = list(self._quoted(draft, QUOTE_CHARACTERS_IN_CRISIS))
        parts: list[str] = [*quote]
        if card.promise is not None:
            parts += self._promised(card.promise, draft.place)
        if draft.must_settle_traces:
            parts.append("\n" + self._traces(draft))
        if not draft.meaning.crisis_is_sure and (draft.self_descriptions or draft.hints):
            parts += self._self_descriptions(draft)
        told = crisis_words(self.words, draft.meaning.crises, self._local_numbers)
        parts.append("\n" + told)
        if draft.must_settle_traces:
            parts.append("\n" + self.words("resident.card_settle_traces"))
        elif card.promise is not None and card.promise.read_by != ReadBy.NOBODY:
            parts.append("\n" + self.words("crisis.send"))
        draft_id = draft.draft_id
        rows: Choices = (
            _settling(draft) if draft.must_settle_traces else (Choice("send", "send", draft_id),),
            *_toggle_rows(draft, [name for name, on in draft.toggles.items() if on or name == "tell"]),
            (Choice("discard", "discard", draft_id),),
        )
        return Message("\n".join(parts), self._rows(rows), urgent=told, quote="".join(quote))

    def _addition_preview(self, card: AdditionPreview) -> Message:
        addition, promised = card.addition, card.promised
        quoted = highlighted(self.words, addition.texts, addition.mentions, QUOTE_CHARACTERS)
        parts: list[str] = [self.words("resident.addition_title"), self.words("resident.quote", text=quoted)]
        toggles: Choices = ()
        if promised is not None:
            parts += self._promised(promised.promise, promised.place)
            toggles = tuple((_addition_toggle(card, name, promised.place),) for name in promised.toggles)
        parts.append("\n" + self.words("resident.addition_what_now"))
        rows: Choices = (
            (Choice("add_it", "put_in", card.complaint_id),),
            *toggles,
            (Choice("leave_out", "put_away", card.complaint_id),),
        )
        return Message("\n".join(parts), self._rows(rows), has_heading=True)

    def _category_grid(self, draft: Draft) -> Message:
        buttons = [
            Button(category_name(self.words, known), Press("r", "choose", draft.draft_id, code).pack())
            for code, known in self._categories.items()
        ]
        return Message(
            self.words("resident.choose_category", category=self._category(draft.chosen_or_likely_category)),
            (*in_rows(buttons, 2), *self._rows(((Choice("back", "card", draft.draft_id),),))),
        )

    def _receipt(self, reply: ReceiptMessage) -> Message:
        sent = reply.submission
        text = self.words(
            "resident.receipt",
            counts=self.words("resident.receipt_counts", texts=sent.texts, files=sent.files),
            reader=self._reader(sent.read_by, sent.team_name),
            code=sent.receipt.text(Script(self.words.language)),
            keep=self.words("resident.receipt_keep"),
        )
        if sent.read_by == ReadBy.NOBODY:
            what_next = (
                self.words("resident.receipt_next_nobody") + "\n" + contacts_text(self.words, reply.place.contacts)
            )
        elif sent.urgency == Urgency.CRISIS:
            what_next = self._next_in_crisis(sent)
        else:
            what_next = self.words("resident.receipt_next", hours=sent.first_look_hours, days=sent.accept_days)
        if sent.urgency == Urgency.DANGER:
            what_next = self.words("resident.receipt_danger") + "\n\n" + what_next
        notifications: str = self.words("resident.receipt_told_here" if sent.tell_me else "resident.receipt_come_back")
        notifications += "\n" + self.words("resident.receipt_more")
        if self._capabilities.deletion:
            notifications += "\n" + self.words("resident.receipt_clear")
        choices = (
            (Choice("picture", "picture", sent.receipt.pack(), reply.trail),),
            (Choice("clear", "clear", reply.trail),),
        )
        is_crisis = sent.urgency == Urgency.CRISIS
        told = numbers_again(self.words, sent.crises, self._local_numbers) if is_crisis else ""
        parts = filter(None, [text, what_next, notifications, told])  # last, where it is seen
        return Message("\n\n".join(parts), self._rows(choices), has_heading=True, urgent=told)

    def _next_in_crisis(self, sent: Submission) -> Html:
        who = self.words(f"crisis.who_{sent.read_by}")
        if sent.director_called_after is None:
            return self.words("crisis.receipt_next", who=who, days=sent.accept_days)
        minutes = sent.director_called_after
        return self.words("crisis.receipt_next_director_too", who=who, minutes=minutes, days=sent.accept_days)

    def _visit(self, reply: VisitSummary) -> list[Message]:
        visit = reply.visit
        opening: str = self.words("resident.visit", day=day(self.words, visit.received_on), state=self._state(visit))
        for code, state in visit.matters:
            shown = self.words(f"resident.matter_{state}")
            opening += "\n" + self.words("resident.matter_line", matter=self._category(code), state=shown)
        if visit.decided_by is not None:
            opening += "\n" + self.words("resident.visit_clock", day=day(self.words, visit.decided_by))
        if visit.texts or visit.files:  # neither: it was taken back and erased
            words = Words(self.words.language) if visit.files else self.words  # files may have come by another channel
            opening += "\n" + words("resident.visit_counts", texts=visit.texts, files=visit.files)
        parts = [opening]
        if visit.team_messages:
            parts.append(self.words("resident.visit_said"))
        questions = [said for said in visit.team_messages if said.kind == MessageKind.QUESTION]
        waiting = questions[-1] if visit.asked and questions else None
        parts += [
            part
            for said in visit.team_messages
            for part in team_message_parts(self.words, said, answered=said in questions and said is not waiting)
        ]
        if visit.asked:
            parts.append(self.words("resident.visit_asked"))
        elif ReporterAction.ADD in visit.may:
            parts.append(self.words("resident.visit_add"))
        if ReporterAction.OTHER_TEAM in visit.may:
            parts.append(self.words("resident.visit_other_team"))
        if reply.draft_waits:
            parts.append(self.words("resident.visit_draft_waits"))
        first, *more = map(Message, _pages(parts))
        *earlier, last = [replace(first, has_heading=True), *more]
        offered: Choices = ((Choice("pass_on", "take", reply.offered),),) if reply.offered else ()
        return [*earlier, replace(last, buttons=self._rows((*offered, *_visit_choices(visit))))]

    def _state(self, visit: Visit) -> Html:
        """Return how a complaint stands; of one that was taken back, what of it still lies on phones of the staff."""
        key = f"resident.state_{visit.state}"
        if visit.on_phones.pending:
            return self.words(f"{key}_recalling", count=visit.on_phones.pending)
        if visit.on_phones.left:
            return self.words(f"{key}_left", count=visit.on_phones.left)
        return self.words(key)

    def _self_descriptions(self, draft: Draft) -> Iterator[Html]:
        """Yield what leads to the writer by what it means, and what may."""
        for key, mentions in (("card_told", draft.self_descriptions), ("card_hints", draft.hints)):
            listed = traces_listed(self.words, [(one.kind, one.written(draft.texts)) for one in mentions])
            if listed:
                yield self.words(f"resident.{key}", traces=listed)

    def _promised(self, promise: Promise, place: Place) -> Iterator[Html]:
        """Yield who will read a draft, and why, where it is not for the usual reason."""
        yield self.words("resident.card_reader", reader=self._reader(promise.read_by, place.team_name))
        key = f"resident.why_{promise.because}"
        if promise.words and self.words.has(key):
            quoted = (self.words("resident.why_words", text=_shortened(word)) for word in promise.words[:_MOST_WORDS])
            yield self.words(key, words=self._listed(quoted))

    def _reader(self, read_by: ReadBy, team_name: str | None) -> Html:
        return self.words(f"resident.reader_{read_by}", team=self._team(team_name))

    def _listed(self, parts: Iterable[Html]) -> Html:
        return Html(self.words("resident.list_comma").join(parts))

    def _place(self, place: Place) -> str:
        return self._named(place.name or place.round_name)

    def _team(self, name: str | None) -> str:
        return self._named(name) if name else self.words("resident.the_office")

    def _named(self, name: str) -> str:
        """Return a name of the county's in the characters of the language."""
        return in_script_of(self.words.language, name)

    def _category(self, code: str) -> Html:
        known = self._categories.get(code)
        return Html(escape(code if known is None else category_name(self.words, known), quote=False))

    def _rows(self, choices: Choices) -> Rows:
        rows = [[choice for choice in row if self._is_offered(choice)] for row in choices]
        return tuple(tuple(button(self.words, choice) for choice in row) for row in rows if row)

    def _is_offered(self, choice: Choice) -> bool:
        return choice.action not in self._not_offered and not (
            choice.action == "toggle" and choice.arg in self._not_offered
        )


async def renderer_for(work: UnitOfWork, language: str, capabilities: Capabilities | None = None) -> Renderer:
    """Return the renderer of a language and a channel, with the county's categories and clocks."""
    known, settings = await work.directory(), await work.settings()
    taking = [round_.id for round_ in known.rounds.values() if round_.takes_complaints(work.today)]
    clocks = [known.complaint_settings_of(round_id) for round_id in taking] or [settings.complaint]
    return Renderer(
        language,
        await work.categories(),
        capabilities,
        # Where it is not known yet for which round, no more is promised than every round keeps.
        clocks=max(clocks, key=lambda one: (one.accept_days, one.first_look_hours)),
        intake_is_open=bool(taking),
        local_numbers=settings.crisis.local_numbers,
    )


def has_words(text: str) -> bool:
    """Whether a text has letters, characters or figures, not emoji and punctuation alone."""
    return any(sign.isalnum() for sign in text)


def _settling(draft: Draft) -> tuple[Choice, ...]:
    return Choice("traces_out", "traces_out", draft.draft_id), Choice("traces_stay", "traces_stay", draft.draft_id)


def _toggle_rows(draft: Draft, names: Iterable[str]) -> Choices:
    """Return a row for each of some toggles of a draft, as it stands."""
    labels = {name: _toggle(name, draft.place) for name in names}
    return tuple(
        (Choice(_label_of_toggle(label, draft.toggles[name]), "toggle", draft.draft_id, name, draft.toggles[name]),)
        for name, label in labels.items()
    )


def _label_of_toggle(name: str, is_on: bool) -> str:
    return f"{name}_{'on' if is_on else 'off'}"


def _toggle(name: str, place: Place) -> str:
    """Return what a toggle is called at a place."""
    return "head_village" if name == "head" and place.kind == PlaceKind.VILLAGE else name


def _addition_toggle(card: AdditionPreview, name: str, place: Place) -> Choice:
    is_on = getattr(card.addition, TOGGLES[name])
    label = _label_of_toggle(_toggle(name, place), is_on)
    return Choice(label, "put_toggle", card.complaint_id, name, is_on)


def _shortened(words: str) -> str:
    return words if len(words) <= _LONGEST_WORDS else words[:_LONGEST_WORDS] + "…"


def _beyond(capabilities: Capabilities) -> frozenset[str]:
    """Return the actions that a channel cannot carry out."""
    return (
        (frozenset() if capabilities.deletion else CLEAR_ACTIONS)
        | (frozenset() if capabilities.files else {"picture"})
        | (frozenset() if capabilities.push else {"tell", "untell"})
    )


def category_name(words: Words, category: CategoryRecord) -> str:
    """Return what a category is called, unescaped: as the catalogue has it, or as the county's own file does."""
    key = f"category.{category.code}"
    return words.plain(key) if words.has(key) else category.name_in(words.language)


def button(words: Words, choice: Choice) -> Button:
    """Return a choice as a button of the resident's area."""
    label = words(f"resident.button_{choice.label}")
    return Button(label, Press("r", choice.action, choice.subject, choice.arg).pack(), is_on=choice.is_on)


def contacts_text(words: Words, known: OfficeContacts) -> Html:
    """Return how else the office is reached; the contacts that every county has are named where none is known."""
    lines = []
    if known.phone and known.hours:
        lines.append(words("resident.contact_phone_hours", phone=known.phone, hours=known.hours))
    elif known.phone:
        lines.append(words("resident.contact_phone", phone=known.phone))
    if known.mailbox:
        lines.append(words("resident.contact_mailbox", mailbox=known.mailbox))
    if known.doors:
        doors = "\n".join(f"· {in_script_of(words.language, door)}" for door in known.doors)
        lines.append(words("resident.contact_doors", doors=doors))
    else:
        lines.append(words("resident.contact_everywhere"))
    return Html("\n".join(lines))


def day(words: Words, when: date) -> Html:
    """Return a day as it is said."""
    return words("resident.day", year=when.year, month=when.month, day=when.day)


def team_message_parts(words: Words, said: TeamMessage, *, answered: bool = False) -> list[str]:
    """Return one thing the team said, cut into parts that fit a message. `answered`: a question that waits no more."""
    text = said.text_in(words)
    quotes: list[str] = [words("resident.quote", text=part) for part in split(text)] if text else []
    if said.key is not None:
        head = words(f"resident.told_{said.key}", **_translated(words, said.codes))
    else:
        head = words("resident.line_answered" if answered else f"resident.line_{said.kind}")
    if said.matter is not None:
        code, name = said.matter
        named = words(f"category.{code}") if words.has(f"category.{code}") else name
        head = Html(f"{words('resident.about_matter', matter=named)}\n{head}")
    return [f"{head}\n{quotes[0]}", *quotes[1:]] if quotes else [head]


def _pages(parts: Sequence[str]) -> list[str]:
    """Lay parts out over as few messages as hold them, in order."""
    pages = [parts[0]]
    for part in parts[1:]:
        if len(pages[-1]) + len(part) > PAGE_CHARACTERS:
            pages.append(part)
        else:
            pages[-1] += "\n\n" + part
    return pages


def _translated(words: Words, codes: Mapping[str, Any]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, code in codes.items():
        key = f"resident.{name}_{code}"
        found[name] = words(key) if words.has(key) else code
    return found


def _visit_choices(visit: Visit) -> Choices:
    complaint_id = visit.complaint_id
    rows: list[tuple[Choice, ...]] = []
    if ReporterAction.JUDGE in visit.may:
        rows.append((Choice("solved", "solved", complaint_id), Choice("unsolved", "unsolved", complaint_id)))
    if ReporterAction.REOPEN in visit.may:
        rows.append((Choice("unsolved", "unsolved", complaint_id),))
    if ReporterAction.OBJECT in visit.may:
        rows.append((Choice("object", "object", complaint_id),))
    if ReporterAction.RATE in visit.may:
        rows.append(satisfaction_row(complaint_id))
    if visit.asked:
        rows.append((Choice("answer", "reply", complaint_id),))
    elif ReporterAction.ADD in visit.may:
        rows.append((Choice("add", "add", complaint_id),))
    if ReporterAction.ADD in visit.may:
        action = "untell" if visit.tells_somebody else "tell"
        rows.append((Choice(action, action, complaint_id),))
    if ReporterAction.OTHER_TEAM in visit.may:
        rows.append((Choice("other_team", "other_team", complaint_id),))
    if ReporterAction.WITHDRAW in visit.may:
        rows.append((Choice("withdraw", "withdraw", complaint_id),))
    rows.append((Choice("leave", "leave", complaint_id),))
    return tuple(rows)
