"""Who has opened what a notice told them of

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "delivered_notices",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("area", sa.String(length=20), nullable=True),
        sa.Column("record_id", sa.String(length=40), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("forget_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_delivered_notices_staff_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_delivered_notices")),
    )
    op.create_index(op.f("ix_delivered_notices_staff_id"), "delivered_notices", ["staff_id"])
    op.create_index(op.f("ix_delivered_notices_forget_at"), "delivered_notices", ["forget_at"])
    op.create_index("ix_delivered_notices_record", "delivered_notices", ["area", "record_id", "staff_id"])
