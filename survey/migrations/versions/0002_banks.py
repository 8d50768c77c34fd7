"""Documents, minutes and place of bank sections; names of institutions; earlier submissions."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "country_names",
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.Column("names", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("loaded", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("country", name=op.f("pk_country_names")),
    )
    with op.batch_alter_table("bank_section", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("documents", sa.JSON(none_as_null=True), nullable=False, server_default="{}")
        )
        batch_op.add_column(sa.Column("minutes", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("place", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.add_column(sa.Column("names", sa.Text(), nullable=False, server_default="{}"))
        batch_op.add_column(
            sa.Column("earlier", sa.JSON(none_as_null=True), nullable=False, server_default="[]")
        )


def downgrade() -> None:
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.drop_column("earlier")
        batch_op.drop_column("names")
    with op.batch_alter_table("bank_section", schema=None) as batch_op:
        batch_op.drop_column("place")
        batch_op.drop_column("minutes")
        batch_op.drop_column("documents")
    op.drop_table("country_names")
