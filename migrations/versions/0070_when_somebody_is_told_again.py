"""On which day somebody is told again of what a head was asked

Revision ID: 0070
Revises: 0069
"""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables. What is late and was told so is not told again; 'follow up' is what a reporter is asked."""
    op.execute("UPDATE tasks SET kind = 'village' WHERE kind = 'follow_up'")
    op.execute("UPDATE open_forms SET form = 'task_village' WHERE form = 'task_follow_up'")
    for name in ("draft_comments", "feedback_meetings"):
        op.add_column(name, sa.Column("tell_next_on", sa.Date(), nullable=True))
        days = sa.table(
            name,
            sa.column("due_on", sa.Date()),
            sa.column("is_late_told", sa.Boolean()),
            sa.column("tell_next_on", sa.Date()),
        )
        untold = sa.select(days.c.due_on).where(days.c.is_late_told.is_(sa.false())).distinct()
        for due_on in op.get_bind().scalars(untold).all():
            is_due = sa.and_(days.c.is_late_told.is_(sa.false()), days.c.due_on == due_on)
            op.execute(days.update().where(is_due).values(tell_next_on=due_on + timedelta(days=1)))
        op.drop_index(f"ix_{name}_due", name)
        with op.batch_alter_table(name, schema=None) as table:
            table.drop_column("is_late_told")
        op.create_index(f"ix_{name}_next", name, ["state", "tell_next_on", "id"])
