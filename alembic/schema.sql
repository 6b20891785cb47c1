-- The schema after all migrations, written by pg_dump. Do not edit: `just schema` writes it again.

CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public;

CREATE FUNCTION public.stems_of(words tsvector) RETURNS TABLE(stem text, frequency bigint)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT part.part,
     sum(cardinality(word.positions)) AS sum
    FROM (unnest(stems_of.words) word(lexeme, positions, weights)
      CROSS JOIN LATERAL unnest(
         CASE
             WHEN (((word.lexeme ~~ '-%'::text) OR (word.lexeme ~~ '%/%'::text)) AND (word.lexeme ~ '^-\d|^/[^\W\d_]+$|^(?=.*[^\W\d_])[\w''\u2019-]+(/[\w''\u2019-]+)+$'::text)) THEN tsvector_to_array(to_tsvector('english'::regconfig, translate(ltrim(word.lexeme, '-'::text), '/'::text, ' '::text)))
             WHEN ((word.lexeme ~~ '%s'::text) AND (word.lexeme ~ '^[b-df-hj-np-tv-xz]{2,}[aiou]?(?<!s)s$'::text)) THEN ARRAY["left"(word.lexeme, '-1'::integer)]
             ELSE ARRAY[word.lexeme]
         END) part(part))
   GROUP BY part.part;
END;

CREATE FUNCTION public.trigram_query(search text) RETURNS tsquery
    LANGUAGE sql IMMUTABLE PARALLEL RESTRICTED
    RETURN (SELECT (string_agg((((''''::text || replace(replace(trigram.trigram, '\'::text, '\\'::text), ''''::text, ''''''::text)) || ''''::text) || CASE WHEN (length(trigram.trigram) < 3) THEN ':*'::text ELSE ''::text END), ' & '::text))::tsquery AS string_agg FROM ((lower(trigram_query.search) folded(folded) CROSS JOIN LATERAL generate_series(1, length(folded.folded), 3) at(at)) CROSS JOIN LATERAL substr(folded.folded, LEAST(at.at, GREATEST((length(folded.folded) - 2), 1)), 3) trigram(trigram)));

CREATE FUNCTION public.trigrams(name text, email text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE COST 10000 PARALLEL RESTRICTED
    RETURN (SELECT array_to_tsvector(array_agg(substr(folded.folded, at.at, 3))) AS array_to_tsvector FROM (lower(((trigrams.name || chr(10)) || COALESCE(trigrams.email, ''::text))) folded(folded) CROSS JOIN LATERAL generate_series(1, length(folded.folded)) at(at)));

CREATE TABLE public.acronyms (
    book_id uuid NOT NULL,
    acronym text NOT NULL,
    expansion text NOT NULL,
    stems text NOT NULL
);

CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);

CREATE TABLE public.audit_events (
    id uuid NOT NULL,
    organization_id uuid,
    actor_id uuid,
    target_id uuid NOT NULL,
    action text NOT NULL,
    before jsonb NOT NULL,
    after jsonb NOT NULL,
    address inet,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT audit_events_action_check CHECK ((action = ANY (ARRAY['role_changed'::text, 'status_changed'::text, 'token_created'::text, 'token_ended'::text])))
);

CREATE TABLE public.books (
    id uuid NOT NULL,
    title text NOT NULL,
    authors text[] NOT NULL,
    year smallint,
    product_url text,
    content_hash bytea NOT NULL,
    loaded_at timestamp with time zone CONSTRAINT books_created_at_not_null NOT NULL,
    edition text,
    identity bytea NOT NULL,
    CONSTRAINT books_content_hash_check CHECK ((octet_length(content_hash) = 32)),
    CONSTRAINT books_identity_check CHECK ((octet_length(identity) = 32)),
    CONSTRAINT books_title_check CHECK ((title <> ''::text))
);

CREATE TABLE public.chapters (
    id uuid NOT NULL,
    book_id uuid NOT NULL,
    "position" integer NOT NULL,
    number integer,
    title text NOT NULL
);

CREATE TABLE public.chunk_weights (
    chunk_id uuid NOT NULL,
    length integer NOT NULL,
    weights public.sparsevec NOT NULL,
    lexical tsvector
);

CREATE TABLE public.chunk_windows (
    chunk_id uuid NOT NULL,
    set_id uuid NOT NULL,
    start_offset integer NOT NULL,
    end_offset integer NOT NULL,
    embedding public.halfvec NOT NULL,
    CONSTRAINT chunk_windows_offsets_check CHECK (((start_offset >= 0) AND (start_offset < end_offset)))
);

CREATE TABLE public.chunks (
    id uuid NOT NULL,
    book_id uuid NOT NULL,
    chapter_id uuid NOT NULL,
    "position" integer NOT NULL,
    first_page integer,
    last_page integer,
    primary_domain text NOT NULL,
    secondary_domains text[] NOT NULL,
    tokens integer NOT NULL,
    content text NOT NULL,
    content_hash bytea NOT NULL,
    lexical tsvector GENERATED ALWAYS AS (to_tsvector('english'::regconfig, content)) STORED NOT NULL,
    page_offsets integer[],
    page_numbers integer[],
    CONSTRAINT chunks_content_check CHECK ((content <> ''::text)),
    CONSTRAINT chunks_content_hash_check CHECK ((octet_length(content_hash) = 32)),
    CONSTRAINT chunks_page_offsets_check CHECK ((cardinality(page_offsets) = cardinality(page_numbers))),
    CONSTRAINT chunks_pages_check CHECK ((((first_page IS NULL) AND (last_page IS NULL)) OR (first_page <= last_page))),
    CONSTRAINT chunks_primary_domain_check CHECK ((primary_domain = ANY (ARRAY['assessment'::text, 'collaboration'::text, 'leadership'::text, 'curriculum'::text, 'data_analysis'::text, 'school_culture'::text, 'student_learning'::text]))),
    CONSTRAINT chunks_secondary_domains_check CHECK ((secondary_domains <@ ARRAY['assessment'::text, 'collaboration'::text, 'leadership'::text, 'curriculum'::text, 'data_analysis'::text, 'school_culture'::text, 'student_learning'::text])),
    CONSTRAINT chunks_tokens_check CHECK ((tokens > 0))
);

CREATE TABLE public.citations (
    user_id uuid NOT NULL,
    message_id uuid NOT NULL,
    chunk_id uuid NOT NULL
);

CREATE TABLE public.conversations (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    title text,
    status text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    asked_at timestamp with time zone,
    archived_at timestamp with time zone,
    lexical tsvector GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, translate(COALESCE(title, ''::text), '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~«»‐‑‒–—―‘’‚“”„…•'::text, repeat(' '::text, 48)))) STORED NOT NULL,
    CONSTRAINT conversations_status_check CHECK ((status = ANY (ARRAY['active'::text, 'archived'::text]))),
    CONSTRAINT conversations_title_check CHECK (((char_length(title) >= 1) AND (char_length(title) <= 200)))
);

CREATE TABLE public.corpora (
    id smallint NOT NULL,
    chunks integer NOT NULL,
    length bigint NOT NULL,
    average_length double precision NOT NULL,
    version bigint DEFAULT 0 NOT NULL,
    CONSTRAINT corpora_id_check CHECK ((id = 1))
);

CREATE TABLE public.embedding_sets (
    id uuid NOT NULL,
    provider text NOT NULL,
    model text NOT NULL,
    dimensions integer NOT NULL,
    state text NOT NULL,
    indexed boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone NOT NULL,
    index_kind text,
    CONSTRAINT embedding_sets_dimensions_check CHECK (((dimensions >= 1) AND (dimensions <= 4096))),
    CONSTRAINT embedding_sets_index_kind_check CHECK ((index_kind = ANY (ARRAY['values'::text, 'signs'::text]))),
    CONSTRAINT embedding_sets_state_check CHECK ((state = ANY (ARRAY['loading'::text, 'ready'::text])))
);

CREATE TABLE public.embeddings (
    set_id uuid NOT NULL,
    chunk_id uuid NOT NULL,
    embedding public.halfvec NOT NULL
);
ALTER TABLE ONLY public.embeddings ALTER COLUMN embedding SET STORAGE MAIN;

CREATE TABLE public.idempotency_keys (
    user_id uuid NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    message_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT idempotency_keys_key_check CHECK ((key ~ '^[ -~]{1,255}$'::text)),
    CONSTRAINT idempotency_keys_request_hash_check CHECK ((octet_length(request_hash) = 32))
);

CREATE TABLE public.identities (
    provider text NOT NULL,
    subject text NOT NULL,
    user_id uuid NOT NULL,
    last_used_at timestamp with time zone NOT NULL,
    CONSTRAINT identities_provider_check CHECK ((provider = ANY (ARRAY['google'::text, 'clever'::text, 'development'::text]))),
    CONSTRAINT identities_subject_check CHECK ((subject <> ''::text))
);

CREATE TABLE public.jobs (
    name text NOT NULL,
    ran_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL
);

CREATE TABLE public.last_sign_ins (
    user_id uuid NOT NULL,
    signed_in_at timestamp with time zone NOT NULL
);

CREATE TABLE public.messages (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    role text NOT NULL,
    content text NOT NULL,
    status text NOT NULL,
    kind text,
    citations jsonb NOT NULL,
    domains text[] NOT NULL,
    feedback_score smallint,
    feedback_reasons text[],
    feedback_comment text,
    feedback_at timestamp with time zone,
    input_tokens integer,
    output_tokens integer,
    cost_usd numeric(12,6),
    response_time_ms integer,
    created_at timestamp with time zone NOT NULL,
    lexical tsvector GENERATED ALWAYS AS (
CASE status
    WHEN 'generating'::text THEN ''::tsvector
    ELSE to_tsvector('simple'::regconfig, translate(content, '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~«»‐‑‒–—―‘’‚“”„…•'::text, repeat(' '::text, 48)))
END) STORED NOT NULL,
    run_id uuid,
    leased_until timestamp with time zone,
    stop_requested boolean DEFAULT false NOT NULL,
    suggestions text[] DEFAULT '{}'::text[] NOT NULL,
    stopped_early text,
    followed_until timestamp with time zone,
    CONSTRAINT messages_citations_check CHECK ((jsonb_typeof(citations) = 'array'::text)),
    CONSTRAINT messages_domains_check CHECK ((domains <@ ARRAY['assessment'::text, 'collaboration'::text, 'leadership'::text, 'curriculum'::text, 'data_analysis'::text, 'school_culture'::text, 'student_learning'::text])),
    CONSTRAINT messages_feedback_comment_check CHECK ((char_length(feedback_comment) <= 1000)),
    CONSTRAINT messages_feedback_reasons_check CHECK ((feedback_reasons <@ ARRAY['inaccurate'::text, 'incomplete'::text, 'not_relevant'::text, 'missing_citations'::text, 'other'::text])),
    CONSTRAINT messages_feedback_score_check CHECK ((feedback_score = ANY (ARRAY['-1'::integer, 1]))),
    CONSTRAINT messages_kind_check CHECK ((kind = ANY (ARRAY['answer'::text, 'clarification'::text, 'refusal'::text]))),
    CONSTRAINT messages_role_check CHECK ((role = ANY (ARRAY['user'::text, 'assistant'::text]))),
    CONSTRAINT messages_role_kind_check CHECK (((role = 'assistant'::text) OR (kind IS NULL))),
    CONSTRAINT messages_status_check CHECK ((status = ANY (ARRAY['complete'::text, 'generating'::text, 'stopped'::text, 'failed'::text]))),
    CONSTRAINT messages_stopped_early_check CHECK ((stopped_early = ANY (ARRAY['length'::text, 'content_filter'::text]))),
    CONSTRAINT messages_suggestions_check CHECK ((cardinality(suggestions) <= 3))
)
WITH (fillfactor='85');
ALTER TABLE ONLY public.messages ALTER COLUMN lexical SET STORAGE MAIN;

CREATE TABLE public.organizations (
    id uuid NOT NULL,
    name text NOT NULL,
    provider text NOT NULL,
    external_id text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT organizations_name_check CHECK ((name <> ''::text)),
    CONSTRAINT organizations_provider_check CHECK ((provider = ANY (ARRAY['google'::text, 'clever'::text])))
);

CREATE TABLE public.personal_tokens (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    token_hash bytea NOT NULL,
    hint text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT personal_tokens_expires_at_check CHECK ((expires_at > created_at)),
    CONSTRAINT personal_tokens_hint_check CHECK ((char_length(hint) = 4)),
    CONSTRAINT personal_tokens_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 100))),
    CONSTRAINT personal_tokens_token_hash_check CHECK ((octet_length(token_hash) = 32))
);

CREATE TABLE public.rate_limits (
    name text NOT NULL,
    key text NOT NULL,
    requests integer NOT NULL,
    begun_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL
);

CREATE TABLE public.retired_passages (
    chunk_id uuid NOT NULL,
    book_id uuid NOT NULL,
    book_identity bytea NOT NULL,
    book_title text NOT NULL,
    authors text[] NOT NULL,
    year smallint,
    edition text,
    product_url text,
    chapter integer,
    chapter_title text NOT NULL,
    first_page integer,
    last_page integer,
    content text NOT NULL,
    content_hash bytea NOT NULL,
    retired_at timestamp with time zone NOT NULL
);

CREATE TABLE public.schema_compatibility (
    oldest text NOT NULL
);

CREATE TABLE public.sessions (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    token_hash bytea NOT NULL,
    user_agent text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_accessed_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT sessions_expires_at_check CHECK ((expires_at > created_at)),
    CONSTRAINT sessions_token_hash_check CHECK ((octet_length(token_hash) = 32))
);

CREATE TABLE public.share_visits (
    user_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    visits bigint NOT NULL
);

CREATE TABLE public.shares (
    token_hash bytea NOT NULL,
    user_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    opens bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    CONSTRAINT shares_token_hash_check CHECK ((octet_length(token_hash) = 32))
);

CREATE TABLE public.sign_in_attempts (
    state_hash bytea NOT NULL,
    browser_hash bytea NOT NULL,
    provider text NOT NULL,
    nonce text NOT NULL,
    code_verifier text NOT NULL,
    next_path text,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT sign_in_attempts_browser_hash_check CHECK ((octet_length(browser_hash) = 32)),
    CONSTRAINT sign_in_attempts_provider_check CHECK ((provider = ANY (ARRAY['google'::text, 'clever'::text]))),
    CONSTRAINT sign_in_attempts_state_hash_check CHECK ((octet_length(state_hash) = 32))
);

CREATE TABLE public.spending (
    organization_id uuid NOT NULL,
    month date NOT NULL,
    cost_usd numeric(12,6) NOT NULL
);

CREATE TABLE public.staged_embeddings (
    set_id uuid NOT NULL,
    content_hash bytea NOT NULL,
    embedding public.halfvec NOT NULL
);

CREATE TABLE public.stems (
    stem text NOT NULL,
    dimension bigint NOT NULL,
    chunks integer NOT NULL,
    CONSTRAINT stems_chunks_check CHECK ((chunks >= 0))
);

ALTER TABLE public.stems ALTER COLUMN dimension ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.stems_dimension_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.unfinished_answers (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    begun_at timestamp with time zone NOT NULL
);

CREATE TABLE public.users (
    id uuid NOT NULL,
    organization_id uuid,
    email text,
    name text NOT NULL,
    role text NOT NULL,
    status text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_login timestamp with time zone,
    name_chosen boolean DEFAULT false NOT NULL,
    role_assigned boolean DEFAULT false NOT NULL,
    CONSTRAINT users_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
    CONSTRAINT users_role_check CHECK ((role = ANY (ARRAY['educator'::text, 'coach'::text, 'admin'::text]))),
    CONSTRAINT users_status_check CHECK ((status = ANY (ARRAY['active'::text, 'inactive'::text])))
);

CREATE TABLE public.words (
    word text NOT NULL COLLATE pg_catalog."C",
    chunks integer NOT NULL,
    CONSTRAINT words_chunks_check CHECK ((chunks >= 0))
);

ALTER TABLE ONLY public.acronyms
    ADD CONSTRAINT acronyms_pkey PRIMARY KEY (book_id, acronym, stems);

ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);

ALTER TABLE ONLY public.audit_events
    ADD CONSTRAINT audit_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.books
    ADD CONSTRAINT books_identity_key UNIQUE (identity);

ALTER TABLE ONLY public.books
    ADD CONSTRAINT books_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.chapters
    ADD CONSTRAINT chapters_book_id_position_key UNIQUE (book_id, "position");

ALTER TABLE ONLY public.chapters
    ADD CONSTRAINT chapters_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.chunk_weights
    ADD CONSTRAINT chunk_weights_pkey PRIMARY KEY (chunk_id);

ALTER TABLE ONLY public.chunk_windows
    ADD CONSTRAINT chunk_windows_pkey PRIMARY KEY (chunk_id, set_id, start_offset);

ALTER TABLE ONLY public.chunks
    ADD CONSTRAINT chunks_book_id_position_key UNIQUE (book_id, "position");

ALTER TABLE ONLY public.chunks
    ADD CONSTRAINT chunks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.citations
    ADD CONSTRAINT citations_pkey PRIMARY KEY (user_id, message_id, chunk_id);

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.corpora
    ADD CONSTRAINT corpora_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.embedding_sets
    ADD CONSTRAINT embedding_sets_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.embedding_sets
    ADD CONSTRAINT embedding_sets_provider_model_dimensions_key UNIQUE (provider, model, dimensions);

ALTER TABLE ONLY public.embeddings
    ADD CONSTRAINT embeddings_pkey PRIMARY KEY (set_id, chunk_id);

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (user_id, key);

ALTER TABLE ONLY public.identities
    ADD CONSTRAINT identities_pkey PRIMARY KEY (provider, subject);

ALTER TABLE ONLY public.identities
    ADD CONSTRAINT identities_user_id_key UNIQUE (user_id);

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.last_sign_ins
    ADD CONSTRAINT last_sign_ins_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.organizations
    ADD CONSTRAINT organizations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.organizations
    ADD CONSTRAINT organizations_provider_external_id_key UNIQUE (provider, external_id);

ALTER TABLE ONLY public.personal_tokens
    ADD CONSTRAINT personal_tokens_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.personal_tokens
    ADD CONSTRAINT personal_tokens_user_id_token_hash_key UNIQUE (user_id, token_hash);

ALTER TABLE ONLY public.rate_limits
    ADD CONSTRAINT rate_limits_pkey PRIMARY KEY (name, key);

ALTER TABLE ONLY public.retired_passages
    ADD CONSTRAINT retired_passages_pkey PRIMARY KEY (chunk_id);

ALTER TABLE ONLY public.schema_compatibility
    ADD CONSTRAINT schema_compatibility_pkey PRIMARY KEY (oldest);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_user_id_token_hash_key UNIQUE (user_id, token_hash);

ALTER TABLE ONLY public.share_visits
    ADD CONSTRAINT share_visits_pkey PRIMARY KEY (user_id, conversation_id);

ALTER TABLE ONLY public.shares
    ADD CONSTRAINT shares_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.shares
    ADD CONSTRAINT shares_user_id_conversation_id_key UNIQUE (user_id, conversation_id);

ALTER TABLE ONLY public.sign_in_attempts
    ADD CONSTRAINT sign_in_attempts_pkey PRIMARY KEY (state_hash);

ALTER TABLE ONLY public.spending
    ADD CONSTRAINT spending_pkey PRIMARY KEY (organization_id, month);

ALTER TABLE ONLY public.staged_embeddings
    ADD CONSTRAINT staged_embeddings_pkey PRIMARY KEY (set_id, content_hash);

ALTER TABLE ONLY public.stems
    ADD CONSTRAINT stems_dimension_key UNIQUE (dimension);

ALTER TABLE ONLY public.stems
    ADD CONSTRAINT stems_pkey PRIMARY KEY (stem);

ALTER TABLE ONLY public.unfinished_answers
    ADD CONSTRAINT unfinished_answers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.words
    ADD CONSTRAINT words_pkey PRIMARY KEY (word);

CREATE INDEX acronyms_acronym_idx ON public.acronyms USING btree (acronym);

CREATE INDEX acronyms_stems_idx ON public.acronyms USING btree (stems);

CREATE INDEX audit_events_actor_id_idx ON public.audit_events USING btree (actor_id);

CREATE INDEX audit_events_created_at_idx ON public.audit_events USING btree (created_at DESC, id DESC);

CREATE INDEX audit_events_organization_id_created_at_idx ON public.audit_events USING btree (organization_id, created_at DESC, id DESC);

CREATE INDEX audit_events_target_id_idx ON public.audit_events USING btree (target_id);

CREATE INDEX chunk_weights_lexical_idx ON public.chunk_weights USING gin (lexical) WITH (fastupdate=off);

CREATE INDEX chunks_chapter_id_idx ON public.chunks USING btree (chapter_id);

CREATE INDEX chunks_lexical_idx ON public.chunks USING gin (lexical);

CREATE INDEX citations_chunk_id_idx ON public.citations USING btree (chunk_id);

CREATE INDEX conversations_archived_at_idx ON public.conversations USING btree (archived_at) WHERE (archived_at IS NOT NULL);

CREATE INDEX conversations_updated_at_unasked_idx ON public.conversations USING btree (updated_at) WHERE (asked_at IS NULL);

CREATE INDEX conversations_user_id_status_updated_at_idx ON public.conversations USING btree (user_id, status, updated_at DESC, id DESC);

CREATE INDEX embeddings_chunk_id_idx ON public.embeddings USING btree (chunk_id);

CREATE INDEX idempotency_keys_expires_at_idx ON public.idempotency_keys USING btree (expires_at);

CREATE INDEX messages_user_id_conversation_id_created_at_idx ON public.messages USING btree (user_id, conversation_id, created_at, id);

CREATE UNIQUE INDEX messages_user_id_conversation_id_generating_idx ON public.messages USING btree (user_id, conversation_id) WHERE (status = 'generating'::text);

CREATE INDEX personal_tokens_expires_at_idx ON public.personal_tokens USING btree (expires_at);

CREATE INDEX rate_limits_ends_at_idx ON public.rate_limits USING btree (ends_at);

CREATE INDEX retired_passages_book_id_idx ON public.retired_passages USING btree (book_id);

CREATE INDEX retired_passages_book_identity_content_hash_idx ON public.retired_passages USING btree (book_identity, content_hash);

CREATE INDEX sessions_expires_at_idx ON public.sessions USING btree (expires_at);

CREATE INDEX sessions_last_accessed_at_idx ON public.sessions USING btree (last_accessed_at);

CREATE INDEX shares_expires_at_idx ON public.shares USING btree (expires_at);

CREATE INDEX sign_in_attempts_expires_at_idx ON public.sign_in_attempts USING btree (expires_at);

CREATE INDEX users_created_at_idx ON public.users USING btree (created_at DESC, id DESC);

CREATE INDEX users_email_idx ON public.users USING btree (lower(email));

CREATE INDEX users_organization_id_created_at_idx ON public.users USING btree (organization_id, created_at DESC, id DESC);

CREATE INDEX users_organization_id_role_status_idx ON public.users USING btree (organization_id, role, status);

CREATE INDEX users_trigrams_idx ON public.users USING gin (public.trigrams(name, email)) WITH (fastupdate=off);

CREATE INDEX words_reverse_idx ON public.words USING btree (reverse(word));

ALTER TABLE ONLY public.acronyms
    ADD CONSTRAINT acronyms_book_id_fkey FOREIGN KEY (book_id) REFERENCES public.books(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.chapters
    ADD CONSTRAINT chapters_book_id_fkey FOREIGN KEY (book_id) REFERENCES public.books(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.chunk_weights
    ADD CONSTRAINT chunk_weights_chunk_id_fkey FOREIGN KEY (chunk_id) REFERENCES public.chunks(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.chunk_windows
    ADD CONSTRAINT chunk_windows_chunk_id_fkey FOREIGN KEY (chunk_id) REFERENCES public.chunks(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.chunk_windows
    ADD CONSTRAINT chunk_windows_set_id_fkey FOREIGN KEY (set_id) REFERENCES public.embedding_sets(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.chunks
    ADD CONSTRAINT chunks_book_id_fkey FOREIGN KEY (book_id) REFERENCES public.books(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.chunks
    ADD CONSTRAINT chunks_chapter_id_fkey FOREIGN KEY (chapter_id) REFERENCES public.chapters(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.citations
    ADD CONSTRAINT citations_user_id_message_id_fkey FOREIGN KEY (user_id, message_id) REFERENCES public.messages(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.embeddings
    ADD CONSTRAINT embeddings_chunk_id_fkey FOREIGN KEY (chunk_id) REFERENCES public.chunks(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.embeddings
    ADD CONSTRAINT embeddings_set_id_fkey FOREIGN KEY (set_id) REFERENCES public.embedding_sets(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.identities
    ADD CONSTRAINT identities_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.last_sign_ins
    ADD CONSTRAINT last_sign_ins_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_user_id_conversation_id_fkey FOREIGN KEY (user_id, conversation_id) REFERENCES public.conversations(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.personal_tokens
    ADD CONSTRAINT personal_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.share_visits
    ADD CONSTRAINT share_visits_user_id_conversation_id_fkey FOREIGN KEY (user_id, conversation_id) REFERENCES public.conversations(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.shares
    ADD CONSTRAINT shares_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.spending
    ADD CONSTRAINT spending_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.staged_embeddings
    ADD CONSTRAINT staged_embeddings_set_id_fkey FOREIGN KEY (set_id) REFERENCES public.embedding_sets(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id);
