"""What Alembic runs: it works on the connection it is handed, in the transaction that is open there."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import DateTime

from migrations.schema import COMPARISON
from models.base import UtcDateTime
from models.tables import METADATA
from models.urgency import ByRank
from models.value_column import ValueColumn


def written(kind: str, value: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our own types into a migration as plain ones, so that it stays what it was when the models move on."""
    if kind == "type" and isinstance(value, UtcDateTime):
        return repr(DateTime(timezone=True)).replace("DateTime", "sa.DateTime")
    if kind == "type" and isinstance(value, ValueColumn):
        return repr(value.impl).replace("String", "sa.String")
    if kind == "type" and isinstance(value, ByRank):
        return "sa.Integer()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,  # SQLite alters a table by building it anew
    render_item=written,
    **COMPARISON,
)
with context.begin_transaction():
    context.run_migrations()
