"""People: organizations, users, their identities, and their sessions.

An identity is (provider, subject) and never the email, because the same email from another provider
is another person. Only the SHA-256 of a session's token is stored. `user_id` leads the keys of all
tables whose rows belong to one user, so that these tables can be distributed over several machines.
"""

from alembic import op
from plccoach_api.database import placement

revision = "0001"
down_revision = None
oldest = "0001"


def upgrade() -> None:
    # The embedded server, the database of compose.yml and RDS all have this extension.
    op.execute("CREATE EXTENSION IF NOT EXISTS vector")

    op.execute("""
        CREATE TABLE organizations (
            id uuid CONSTRAINT organizations_pkey PRIMARY KEY,
            name text NOT NULL,
            provider text NOT NULL,
            external_id text NOT NULL,
            created_at timestamptz NOT NULL,
            CONSTRAINT organizations_provider_external_id_key UNIQUE (provider, external_id),
            CONSTRAINT organizations_provider_check CHECK (provider IN ('google', 'clever')),
            CONSTRAINT organizations_name_check CHECK (name <> '')
        )
    """)
    placement.everywhere("organizations")

    op.execute("""
        CREATE TABLE users (
            id uuid CONSTRAINT users_pkey PRIMARY KEY,
            organization_id uuid CONSTRAINT users_organization_id_fkey REFERENCES organizations (id),
            email text,
            name text NOT NULL,
            role text NOT NULL,
            status text NOT NULL,
            created_at timestamptz NOT NULL,
            last_login timestamptz,
            CONSTRAINT users_name_check CHECK (char_length(name) BETWEEN 1 AND 200),
            CONSTRAINT users_role_check CHECK (role IN ('educator', 'coach', 'admin')),
            CONSTRAINT users_status_check CHECK (status IN ('active', 'inactive'))
        )
    """)
    placement.everywhere("users")

    op.execute("""
        CREATE TABLE identities (
            provider text NOT NULL,
            subject text NOT NULL,
            user_id uuid NOT NULL
                CONSTRAINT identities_user_id_fkey REFERENCES users (id) ON DELETE CASCADE
                CONSTRAINT identities_user_id_key UNIQUE,
            last_used_at timestamptz NOT NULL,
            CONSTRAINT identities_pkey PRIMARY KEY (provider, subject),
            CONSTRAINT identities_provider_check CHECK (provider IN ('google', 'clever', 'development')),
            CONSTRAINT identities_subject_check CHECK (subject <> '')
        )
    """)
    placement.everywhere("identities")

    op.execute("""
        CREATE TABLE sessions (
            user_id uuid NOT NULL CONSTRAINT sessions_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
            id uuid NOT NULL,
            token_hash bytea NOT NULL,
            user_agent text NOT NULL,
            created_at timestamptz NOT NULL,
            last_accessed_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            CONSTRAINT sessions_pkey PRIMARY KEY (user_id, id),
            CONSTRAINT sessions_user_id_token_hash_key UNIQUE (user_id, token_hash),
            CONSTRAINT sessions_token_hash_check CHECK (octet_length(token_hash) = 32),
            CONSTRAINT sessions_expires_at_check CHECK (expires_at > created_at)
        )
    """)
    placement.by_user("sessions")


def downgrade() -> None:
    op.execute("DROP TABLE sessions")
    op.execute("DROP TABLE identities")
    op.execute("DROP TABLE users")
    op.execute("DROP TABLE organizations")
    op.execute("DROP EXTENSION vector")
