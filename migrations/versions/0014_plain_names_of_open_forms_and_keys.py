"""Plain names of open forms, message keys and referrals

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
    op.alter_column("sent_messages", "handle", new_column_name="message_key")
    _rename_referrals()


def _rename_referrals() -> None:
    """Call the referral of a refusal that waits for the leader what it is."""
    cases = sa.table("cases", sa.column("id", sa.String()), sa.column("proposal", sa.JSON()))
    waiting = sa.select(cases).where(sa.cast(cases.c.proposal, sa.String()).like('%"door"%'))
    connection = op.get_bind()
    for case_id, proposal in connection.execute(waiting).all():
        renamed = {"referral" if name == "door" else name: value for name, value in proposal.items()}
        connection.execute(sa.update(cases).where(cases.c.id == case_id).values(proposal=renamed))
