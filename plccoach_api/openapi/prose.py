"""What the document says in sentences."""

SUMMARY = "An AI coach for educators: cited answers from the books a professional learning community rests on."

DESCRIPTION = """\
**Who may call.** What needs a signed-in person takes the session's cookie, which a browser gets by signing in and
sends by itself. In development open [/auth/dev/login](/auth/dev/login) once, and everything can be tried on this page.
Requests that change something must come from a page of an allowed origin, or from no page at all.

**What goes over the wire.** Bodies are JSON with `snake_case` keys; times are RFC 3339 in UTC; ids are UUIDs. Unknown
fields in a body are refused, unknown query parameters ignored.

**When it fails.** Every failure is `application/problem+json` (RFC 9457). Switch on `type`, show `detail`; `errors`
names the fields of a bad body. `instance` holds the request's id, which is also in the header `X-Request-ID`: quote it
when you ask for help. Something that is not yours is 404, as if it were not there.

**Lists.** `limit` says how many items a page has at most. `next_cursor` of one page is the `cursor` of the next; what
is added meanwhile causes neither a duplicate nor a gap.

**What may have changed.** Some reads carry an `ETag`. Sent back as `If-None-Match` it saves reading again what is
current (304); sent as `If-Match` with a change, it keeps two people from overwriting each other (412).

**Asking once.** A question sent again with the same `Idempotency-Key` is not asked again: the answer is the same
message. While that is being generated the second request waits for it, or after a while ends with 409.
"""

PROBLEM = {
    "type": "What kind of failure this is, for programs: `urn:problem:` and a word that stays.",
    "title": "The same in words, which may change.",
    "status": "The status of the response.",
    "detail": "What to tell the person who asked.",
    "instance": "Which request failed: `urn:request:` and its id.",
    "errors": "The fields of a body, or the parameters, that did not fit; left out where that is not what failed.",
}

TAGS = {
    "service": "What answers here, and whether it is well.",
    "sign-in": "Signing in and out, and who is signed in.",
    "administration": "For administrators: the people of their organization, and what was changed of them.",
    "conversations": "The signed-in person's own conversations with the coach.",
    "sharing": "Links by which other signed-in people may read a conversation, and nothing else.",
    "coach": "Questions, and answers that cite the passages they rest on.",
}
