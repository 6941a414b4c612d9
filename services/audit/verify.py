"""Looks whether the audit log is what was written, and whether anything stands in the database that could alter it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from sqlalchemy import String, case, cast, func, literal, select, text, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from models.audit import GUARDS, PG_GUARD, PG_GUARD_BODY, Audited, AuditEntry, AuditHead
from models.complaints import CaseEvent
from models.touched_rows import triggers
from privacy.keyring import Keyring
from services.audit.log import BEGINNING, HEAD, Seal, chained, position_of
from texts.terminal import sentence

# What is written down twice, by one action: into the case's own events, and into the audit log.
_TWICE = {"open": Audited.OPENED, "unmask": Audited.UNMASKED}


@dataclass(frozen=True)
class Fault:
    """Where the log is not what was written, and how; of no entry in particular, it is a sentence of its own."""

    number: int | None
    what: str

    def __str__(self) -> str:
        if self.number is None:
            return sentence("audit.fault", what=self.what)
        return sentence("audit.fault_of_entry", number=self.number, what=self.what)


async def of_one_moment(session: AsyncSession) -> None:
    """Have this transaction see nothing that is written from now on; before anything else is asked in it."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))


async def faults(session: AsyncSession, keyring: Keyring, noted: Seal | None = None) -> AsyncIterator[Fault]:
    """Find whatever was altered, put in, put elsewhere, taken out or left out, and what in the database could do so.

    What was cut off at the end together with the head, as by putting back an old database, shows against a seal that
    was noted elsewhere.
    """
    async for fault in _chain_faults(session, keyring):
        yield fault
    if noted is not None and await position_of(session, noted) is None:
        yield Fault(None, sentence("audit.seal_nowhere"))
    for fault in [*await _guard_faults(session), *await _left_out(session)]:
        yield fault


async def _chain_faults(session: AsyncSession, keyring: Keyring) -> AsyncIterator[Fault]:
    expected, before = 1, BEGINNING
    async for entry in await session.stream_scalars(select(AuditEntry).order_by(AuditEntry.number)):
        if entry.number != expected:
            is_one = entry.number == expected + 1
            yield Fault(expected, sentence("audit.missing" if is_one else "audit.missing_to", last=entry.number - 1))
        elif chained(keyring, before, entry) != entry.chain:
            yield Fault(entry.number, sentence("audit.altered"))
        expected, before = entry.number + 1, entry.chain
    head = await session.get(AuditHead, HEAD)
    last = head.number if head else 0
    if last > expected - 1:
        yield Fault(expected, sentence("audit.missing_at_end", last=last))
    elif last < expected - 1 or (head and head.chain != before):
        yield Fault(last, sentence("audit.not_the_end"))


async def _guard_faults(session: AsyncSession) -> list[Fault]:
    """Compare what stands over the tables with our own guards: one that is gone, and anything else that is there.

    Over all tables: over the log it could leave out what is written, over the outbox that anybody is told of it.
    """
    if session.get_bind().dialect.name == "sqlite":
        ours, there = set(GUARDS["sqlite"]), await _sqlite_triggers(session) - set(triggers().values())
    else:
        ours, there = {f"{PG_GUARD}: {PG_GUARD_BODY}"}, await _postgresql_triggers(session)
    gone = [Fault(None, sentence("audit.guard_gone", guard=guard)) for guard in sorted(ours - there)]
    strange = [Fault(None, sentence("audit.strange", what=one)) for one in sorted(there - ours)]
    return gone + strange


async def _sqlite_triggers(session: AsyncSession) -> set[str]:
    return set(await session.scalars(text("SELECT sql FROM sqlite_master WHERE type = 'trigger'")))


async def _postgresql_triggers(session: AsyncSession) -> set[str]:
    triggers = await session.execute(
        text(
            "SELECT pg_get_triggerdef(pg_trigger.oid, true) AS definition, tgenabled::text AS enabled, prosrc "
            "FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid "
            "WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
        )
    )
    rules = await session.scalars(text("SELECT definition FROM pg_rules WHERE schemaname = current_schema()"))
    policies = await session.scalars(  # they could hide rows of ours from us
        text("SELECT policyname || ' on ' || tablename FROM pg_policies WHERE schemaname = current_schema()")
    )
    at_work = "O"  # otherwise it is switched off, or works in some sessions only
    found = {
        f"{row.definition}: {row.prosrc}" if row.enabled == at_work else f"(switched off) {row.definition}"
        for row in triggers
    }
    return found.union(rules, policies)


async def _left_out(session: AsyncSession) -> list[Fault]:
    """Compare how often each member opened and unmasked each case, as its own events have it, with the log."""
    action = case(*((CaseEvent.event == event, str(audited)) for event, audited in _TWICE.items()))
    events = select(
        CaseEvent.case_id,
        CaseEvent.by_id,
        cast(action, String).label("action"),
        literal(1).label("by_events"),
        literal(0).label("by_log"),
    ).where(CaseEvent.event.in_(_TWICE))
    entries = select(AuditEntry.case_id, AuditEntry.by_id, AuditEntry.action, literal(0), literal(1)).where(
        AuditEntry.action.in_(_TWICE.values())
    )
    both = union_all(events, entries).subquery()
    by_events, by_log = func.sum(both.c.by_events), func.sum(both.c.by_log)
    kind = (both.c.case_id, both.c.by_id, both.c.action)
    query = select(*kind, by_events, by_log).group_by(*kind).having(by_events != by_log).order_by(*kind)
    return [
        Fault(
            None,
            sentence(
                "audit.left_out",
                case=case_id,
                action=sentence(f"audit.{action}"),
                by=by_id,
                events=events,
                log=log,
            ),
        )
        for case_id, by_id, action, events, log in await session.execute(query)
    ]
