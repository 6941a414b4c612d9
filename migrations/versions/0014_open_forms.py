"""Open forms are called what they are

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "open_forms",
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=100), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_open_forms_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_open_forms")),
    )
    columns = "staff_id, form, subject_id, sealed, expires_at"
    op.execute(f"INSERT INTO open_forms ({columns}) SELECT {columns} FROM staff_prompts")  # noqa: S608
    op.drop_table("staff_prompts")
