"""What is made public of a round, its approvals and photos, and objections to it

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "publications",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prepared_by_id", sa.String(length=40), nullable=False),
        sa.Column("prepared", sa.JSON(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_publications_round_id")),
        sa.ForeignKeyConstraint(["prepared_by_id"], ["staff.id"], name=op.f("fk_publications_prepared_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
        sa.UniqueConstraint("round_id", "version", name=op.f("uq_publications_round_id_version")),
    )
    op.create_index("ix_publications_state", "publications", ["state", "round_id"])
    op.create_table(
        "publication_approvals",
        sa.Column("publication_id", sa.String(length=16), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name=op.f("fk_publication_approvals_publication_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_publication_approvals_staff_id")),
        sa.PrimaryKeyConstraint("publication_id", "staff_id", name=op.f("pk_publication_approvals")),
    )
    op.create_table(
        "published_photos",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("round_id", sa.String(length=40), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_published_photos_round_id")),
        sa.PrimaryKeyConstraint("id", "round_id", name=op.f("pk_published_photos")),
    )
    op.create_table(
        "objections",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=40), nullable=False),
        sa.Column("item_id", sa.String(length=20), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_objections_round_id")),
        sa.ForeignKeyConstraint(["item_id"], ["rectification_items.id"], name=op.f("fk_objections_item_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["staff.id"], name=op.f("fk_objections_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_objections_waiting", "objections", ["item_id", "state", "received_at", "id"])
    op.create_index(op.f("ix_objections_decided_at"), "objections", ["decided_at"])
