"""Sign-in through a provider, and the decisions of administrators.

An attempt to sign in is looked up by the hash of its state. It belongs to one browser, and only the hash
of that browser's cookie is stored. The next sign-in does not overwrite a name that the user chose or a
role that an administrator assigned. A rate limit is one row for each key, with a window that begins at its
first request. Rate limits and the daily job's last run are stored in the database, so
they hold for all replicas. On Citus these three tables are only on the coordinator: every request writes to one of
them, and an upsert of a table that is copied to every node locks all copies.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
oldest = "0001"


def upgrade() -> None:
    op.execute("ALTER TABLE users ADD COLUMN name_chosen boolean NOT NULL DEFAULT false")
    op.execute("ALTER TABLE users ADD COLUMN role_assigned boolean NOT NULL DEFAULT false")
    op.execute("CREATE INDEX users_email_idx ON users (lower(email))")
    op.execute("CREATE INDEX users_created_at_idx ON users (created_at DESC, id DESC)")
    op.execute("""
        CREATE INDEX users_organization_id_created_at_idx
        ON users (organization_id, created_at DESC, id DESC)
    """)

    op.execute("ALTER TABLE audit_events DROP CONSTRAINT audit_events_action_check")
    op.execute("""
        ALTER TABLE audit_events ADD CONSTRAINT audit_events_action_check
        CHECK (action IN ('role_changed', 'status_changed'))
    """)
    op.execute("CREATE INDEX audit_events_created_at_idx ON audit_events (created_at DESC, id DESC)")

    op.execute("""
        CREATE TABLE sign_in_attempts (
            state_hash bytea CONSTRAINT sign_in_attempts_pkey PRIMARY KEY,
            browser_hash bytea NOT NULL,
            provider text NOT NULL,
            nonce text NOT NULL,
            code_verifier text NOT NULL,
            next_path text,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            CONSTRAINT sign_in_attempts_state_hash_check CHECK (octet_length(state_hash) = 32),
            CONSTRAINT sign_in_attempts_browser_hash_check CHECK (octet_length(browser_hash) = 32),
            CONSTRAINT sign_in_attempts_provider_check CHECK (provider IN ('google', 'clever'))
        )
    """)
    op.execute("CREATE INDEX sign_in_attempts_expires_at_idx ON sign_in_attempts (expires_at)")

    op.execute("""
        CREATE TABLE rate_limits (
            name text NOT NULL,
            key text NOT NULL,
            requests integer NOT NULL,
            begun_at timestamptz NOT NULL,
            ends_at timestamptz NOT NULL,
            CONSTRAINT rate_limits_pkey PRIMARY KEY (name, key)
        )
    """)
    op.execute("CREATE INDEX rate_limits_ends_at_idx ON rate_limits (ends_at)")

    op.execute("""
        CREATE TABLE jobs (
            name text CONSTRAINT jobs_pkey PRIMARY KEY,
            ran_at timestamptz NOT NULL,
            due_at timestamptz NOT NULL
        )
    """)


def downgrade() -> None:
    op.execute("DROP TABLE jobs")
    op.execute("DROP TABLE rate_limits")
    op.execute("DROP TABLE sign_in_attempts")
    op.execute("DROP INDEX audit_events_created_at_idx")
    op.execute("ALTER TABLE audit_events DROP CONSTRAINT audit_events_action_check")
    op.execute("ALTER TABLE audit_events ADD CONSTRAINT audit_events_action_check CHECK (action <> '')")
    op.execute("DROP INDEX users_organization_id_created_at_idx")
    op.execute("DROP INDEX users_created_at_idx")
    op.execute("DROP INDEX users_email_idx")
    op.execute("ALTER TABLE users DROP COLUMN role_assigned")
    op.execute("ALTER TABLE users DROP COLUMN name_chosen")
