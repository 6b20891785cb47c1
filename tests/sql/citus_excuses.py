"""The tables that Citus does not place, and the statements that may break a rule. Each has its reason."""

# Tables that stay on the coordinator, and why.
UNPLACED = {
    "alembic_version": "alembic creates it",
    "schema_compatibility": "the run of the migrations keeps it",
    "jobs": "an upsert claims a job",
    "rate_limits": "an upsert counts each request",
    "sign_in_attempts": "each sign-in inserts and deletes a row",
    "spending": "an upsert adds the cost of each answer",
    "unfinished_answers": "the rescuer looks for answers of all users",
}

# Statements that lock a table on every node, and why that is in nobody's way.
RARE = {
    "acronyms/delete_for_book": "an operator loads or removes a book; searches read on",
    "books/delete": "the same",
    "books/update": "the same",
    "chapters/delete_for_book": "the same",
    "corpora/add_for_book": "the same",
    "corpora/remove_for_book": "the same",
    "corpora/update_average": "the same",
    "embedding_sets/update_index": "the same",
    "embedding_sets/update_ready": "the same",
    "retired_passages/delete": "the same",
    "staged_embeddings/create_for_book": "the same",
    "staged_embeddings/delete": "the same",
    "stems/add_for_book": "the same",
    "stems/remove_for_book": "the same",
    "weights/create": "the same",
    "words/add_for_book": "the same",
    "words/remove_for_book": "the same",
    "retired_passages/delete_old": "the daily job",
    "shares/delete": "the daily job",
    "shares/delete_expired": "the daily job",
    "organizations/update_name": "a provider sends a new name of a district",
    "shares/delete_for_conversation": "a person ends a link; a conversation without a link has none to delete",
    "users/delete": "an operator deletes a person",
    "users/get_for_update": "an administrator changes a role or a status",
    "users/list_admins_for_update": "the same",
    "users/update": "the same",
    "users/update_from_profile": "a provider sends a new name, email, role or organization; a sign-in reads otherwise",
    "users/update_name": "a person chooses another name",
}

# Statements that ask every shard, and why.
ALL_SHARDS = {
    "answers/list_abandoned": "a worker starts, and the daily job",
    "books/list_loaded": "an operator lists the books",
    "citations/list_cited": "an operator loads a book, the daily job, or a person reads a passage that left its book",
    "conversations/delete_expired": "the daily job",
    "idempotency_keys/delete_expired": "the daily job",
    "personal_tokens/delete_expired": "the daily job",
    "sessions/delete_expired": "the daily job",
    "users/list_by_email": "an operator looks for a person",
    "users/list_for_admin": "an administrator lists people",
}
