"""An update is known by its channel and the channel's own id

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLES = ("processed_updates", "failed_updates")


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables. What was done stays known as done: it may be delivered once more after the update."""
    for table in TABLES:
        channel = sa.Column("channel", sa.String(length=20), nullable=False, server_default="telegram")
        op.add_column(table, channel)
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(
                "update_id",
                existing_type=sa.BigInteger(),
                type_=sa.String(length=64),
                existing_nullable=False,
                postgresql_using="update_id::varchar",
            )
            batch_op.alter_column("channel", existing_type=sa.String(length=20), server_default=None)
            batch_op.drop_constraint(op.f(f"pk_{table}"), type_="primary")
            batch_op.create_primary_key(op.f(f"pk_{table}"), ["channel", "update_id"])
