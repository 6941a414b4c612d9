"""Who is resident in a village, and what is asked of them there

Revision ID: 0068
Revises: 0067
"""

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    with op.batch_alter_table("villages", schema=None) as table:
        table.add_column(sa.Column("cadre_id", sa.String(length=40), nullable=True))
        table.create_foreign_key(op.f("fk_villages_cadre_id"), "staff", ["cadre_id"], ["id"])
    with op.batch_alter_table("tasks", schema=None) as table:
        table.add_column(sa.Column("village_id", sa.String(length=40), nullable=True))
        table.create_foreign_key(op.f("fk_tasks_village_id"), "villages", ["village_id"], ["id"])
