"""The texts of the OpenAPI document that belong to no single operation or schema."""

SUMMARY = "An AI coach for educators. Its answers cite books about professional learning communities."

DESCRIPTION = """\
**Authentication.** Operations for signed-in people need the session cookie or, under `/api`, a personal token. A
browser gets the cookie by signing in and sends it automatically. In development, open
[/auth/dev/login](/auth/dev/login?next=/docs) once; after that you can try every operation on this page. A request that
changes something must come from a page of an allowed origin, or from a program that is not a browser.

**Personal tokens.** A program signs in with `Authorization: Bearer plc_…`. A person creates the token with
`POST /auth/tokens`. The program may do what the person may do under `/api`, but nothing under `/api/admin`, and of
`/auth` only `GET /auth/me`. A request with a token needs no allowed origin. When it also has a cookie, the token
counts. A token ends when it expires, when the person or an administrator ends it, and with the account. Signing out
does not end it.

**Formats.** Bodies are JSON with `snake_case` keys. Times are RFC 3339 in UTC. Ids are UUIDs. Unknown fields in a body
are refused; unknown query parameters are ignored.

**Errors.** Every failure is `application/problem+json` (RFC 9457). Your program should branch on `type`, and show
`detail` to the person. `errors` names the invalid fields of a body. `instance` contains the request's id, which is also
in the `X-Request-ID` header: quote it when you ask for help. A resource that belongs to somebody else is 404, like a
resource that does not exist.

**Lists.** `limit` is the maximum number of items on a page. Send the `next_cursor` of a page as the `cursor` of the
next request. Items that are added while you page cause neither duplicates nor gaps.

**Caching and concurrent changes.** Some responses have an `ETag`. Send it as `If-None-Match` to skip reading what has
not changed (304). Send it as `If-Match` with a change, so that the change is refused if the resource has
changed since you read it (412).

**Safe retries.** A question that is sent again with the same `Idempotency-Key` is not asked again: the response is the
same message. While that message is being generated, the second request waits for it, and ends with 409 if it takes too
long.
"""

PROBLEM = {
    "title": "The kind of failure, in words. The words may change.",
    "status": "The status code of the response.",
    "detail": "A message to show to the person.",
    "instance": "The request that failed: `urn:request:` and its id.",
    "errors": "The fields of the body, or the parameters, that are invalid. Absent when the input was valid.",
}

ANSWER_EVENT = """\
The data of one event of a stream. The event's name says which: `message_start`, `content_delta`, `citation`,
`message_complete` or `error`, in the order of the schemas. Each has a required field that no other has.
"""

STREAM = "The text of the whole stream, for a client that does not read it event by event."

PROBLEM_TYPE = """\
The kind of failure, for programs: `urn:problem:` and a word that does not change. A later version may add kinds, so
treat an unknown kind by its `status`.
"""

# Documentation pages show the tags in this order.
TAGS = {
    "coach": "Questions to the coach, and answers with citations.",
    "conversations": "The signed-in person's own conversations with the coach.",
    "sharing": "Links that let other signed-in people read a conversation.",
    "sign-in": "Signing in and out, the signed-in person, their sessions, and their personal tokens.",
    "administration": "For administrators: the users of their organization, and the audit log.",
    "service": "The service itself, and whether it can answer requests.",
}
