"""Examples of bodies: one person, one question, and the answer from the sample handbook.

The examples are instances of the structs, so that a change of a struct cannot leave an outdated example behind.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from plccoach_api.openapi.schemas import REFERENCE
from plccoach_api.rules.messages import (
    ConversationStatus,
    FeedbackReason,
    FeedbackScore,
    MessageKind,
    MessageRole,
    MessageStatus,
)
from plccoach_api.rules.personal_tokens import DEFAULT_DAYS
from plccoach_api.rules.roles import AuditAction, Provider, Role, UserStatus
from plccoach_api.rules.sessions import IDLE
from plccoach_api.structs.audit_events import AuditEvent, Person
from plccoach_api.structs.auth import Me, MeUpdate, Organization, SignedOut
from plccoach_api.structs.citations import Citation, CitedPassage, Passage
from plccoach_api.structs.coach import (
    Book,
    BookList,
    Chapter,
    CoachAnswer,
    CoachQuery,
    DomainList,
    ExampleList,
    TokenUsage,
)
from plccoach_api.structs.conversations import Conversation, ConversationChanges, ConversationSummary, NewConversation
from plccoach_api.structs.exports import ExportedConversation, Work
from plccoach_api.structs.feedback import NewFeedback
from plccoach_api.structs.messages import Message, NewMessage
from plccoach_api.structs.page import Page
from plccoach_api.structs.personal_tokens import (
    CreatedPersonalToken,
    NewPersonalToken,
    PersonalToken,
    PersonalTokenList,
)
from plccoach_api.structs.service import Health, Readiness, Service
from plccoach_api.structs.sessions import Session, SessionCleanup, SessionList
from plccoach_api.structs.shares import NewShare, ShareDays, SharedConversation, ShareLink
from plccoach_api.structs.sign_in import SignInOption, SignInOptions
from plccoach_api.structs.users import User, UserDetails, UserPage, UserUpdate
from plccoach_api.version import VERSION

_CONVERSATION = UUID("01a20a15-47a0-70a0-9271-8c542d6182ea")
_CHUNK = UUID("01a20a14-f9e9-77b9-a46e-e46441df8208")
_BOOK = UUID("01a20a14-f9d1-7c55-8f0e-2b7a90c1d3e4")
_ANSWER = UUID("01a20a15-47a2-753e-a1b3-7453ba441224")
_ASKED_AT = datetime(2026, 11, 23, 20, 24, 56, 480445, UTC)
_ANSWERED_AT = datetime(2026, 11, 23, 20, 24, 56, 482518, UTC)
_QUESTION = "What is a SMART goal?"
_RENAMED = "Norms for our team"
_TOKEN = "3uOqBa0vSfC0S1vVZ7cA2c1yQyq0c8Z0kQm5gD1xv1E"  # noqa: S105 - the token of no real link
# Its checksum is wrong, so that no scanner takes the example for a token that leaked.
_PERSONAL_TOKEN = "plc_AaIKFP0BcCqybf70wIr1EHMwCHH0TBaOfJSd4sdQ5gwsm7j_UwAXxaJnI06ctNuO-Example"  # noqa: S105
_QUOTES = (
    "A SMART goal is strategic and specific, measurable, attainable, results-oriented and time-bound.",
    "A well-chosen SMART goal is one that no member could reach alone.",
)
_RESPONSE = f"{_QUOTES[0]} [1] {_QUOTES[1]} [2]"
_SUGGESTIONS = (
    "What should we know about collective commitments?",
    "What should we know about data walls?",
    "What should we know about the team learning cycle?",
)
_CITATIONS = tuple(
    Citation(
        index=index,
        chunk_id=_CHUNK,
        book_title="Learning Together: A Handbook for Professional Learning Communities",
        authors=("Mara Ellison", "Tobias Okafor", "June Castellanos"),
        chapter=1,
        chapter_title="What a PLC Is and the Four Critical Questions",
        pages=(4, 5),
        quote=quote,
        product_url=None,
        passage_url=f"http://localhost:8000/passages/{_CHUNK}",
        superseded=False,
    )
    for index, quote in enumerate(_QUOTES, 1)
)


def _message(**changes: Any) -> Message:
    question: dict[str, Any] = {
        "id": UUID("01a20a15-47a1-7c3d-9d0b-21f8a7c3b5d4"),
        "conversation_id": _CONVERSATION,
        "role": MessageRole.user,
        "content": _QUESTION,
        "status": MessageStatus.complete,
        "kind": None,
        "citations": (),
        "domains": (),
        "feedback": None,
        "suggestions": (),
        "stopped_early": None,
        "input_tokens": None,
        "output_tokens": None,
        "cost_usd": None,
        "response_time_ms": None,
        "created_at": _ASKED_AT,
    }
    return Message(**question | changes)


_MESSAGES = [
    _message(),
    _message(
        id=_ANSWER,
        role=MessageRole.assistant,
        content=_RESPONSE,
        kind=MessageKind.answer,
        citations=_CITATIONS,
        suggestions=_SUGGESTIONS,
        input_tokens=0,
        output_tokens=0,
        cost_usd=0.0,
        response_time_ms=6,
        created_at=_ANSWERED_AT,
    ),
]
_SUMMARY = ConversationSummary(
    id=_CONVERSATION,
    title=_QUESTION,
    status=ConversationStatus.active,
    preview=_QUESTION,
    message_count=2,
    share_enabled=False,
    created_at=_ASKED_AT,
    updated_at=_ASKED_AT,
)

_ADA = UUID("01a20a14-fd01-702a-b26d-fef4c08af510")
_LINCOLN = Organization(UUID("01a20a14-fd00-7e0a-8a54-7b2c93c4f2aa"), "Lincoln School District")
_USER: dict[str, Any] = {
    "id": _ADA,
    "email": "ada@example.org",
    "name": "Ada Okoye",
    "role": Role.coach,
    "status": UserStatus.active,
    "organization": _LINCOLN,
    "sso_provider": Provider.clever,
    "created_at": datetime(2026, 9, 1, 7, 30, 12, 376450, UTC),
    "last_login": datetime(2026, 11, 23, 20, 24, 37, 376450, UTC),
}
_AUDIT_EVENT = AuditEvent(
    id=UUID("01a20a15-6b0c-7a51-93a5-4f6a0a2b7d11"),
    action=AuditAction.role_changed,
    actor=Person(UUID("01a20a14-f1d2-7c64-8f0e-2b1c7a9d4e55"), "Priya Nair"),
    target=Person(_ADA, "Ada Okoye"),
    before={"role": "educator"},
    after={"role": "coach"},
    address="192.0.2.17",
    created_at=_ANSWERED_AT,
)

_TOKEN_FIELDS: dict[str, Any] = {
    "id": UUID("01a20a15-7d5e-7f12-8c1d-5b0e8a6f9c33"),
    "name": "Open WebUI on my laptop",
    "hint": _PERSONAL_TOKEN[-4:],
    "created_at": _ANSWERED_AT,
    "last_used_at": None,
    "expires_at": _ANSWERED_AT + timedelta(days=DEFAULT_DAYS),
}

# The keys are the names of the schemas.
EXAMPLES: dict[str, msgspec.Struct] = {
    "AuditEventPage": Page([_AUDIT_EVENT], None),
    "BookList": BookList(
        [
            Book(
                id=_BOOK,
                title=_CITATIONS[0].book_title,
                authors=_CITATIONS[0].authors,
                year=2026,
                edition=None,
                product_url=None,
                chapters=[Chapter(1, _CITATIONS[0].chapter_title), Chapter(2, "Collaboration")],
            )
        ]
    ),
    "CoachAnswer": CoachAnswer(
        conversation_id=_CONVERSATION,
        message_id=_ANSWER,
        kind=MessageKind.answer,
        response=_RESPONSE,
        citations=_CITATIONS,
        domains=(),
        suggestions=_SUGGESTIONS,
        stopped_early=None,
        response_time_ms=6,
        token_usage=TokenUsage(input_tokens=0, output_tokens=0),
        cost_usd=0.0,
    ),
    "CoachQuery": CoachQuery(query=_QUESTION),
    "ConversationChanges": ConversationChanges(title=_RENAMED),
    "NewConversation": NewConversation(title=_RENAMED),
    "CreatedPersonalToken": CreatedPersonalToken(**_TOKEN_FIELDS, token=_PERSONAL_TOKEN),
    "CitedPassage": CitedPassage(
        **msgspec.structs.asdict(_CITATIONS[0]),
        passage=f"{_QUOTES[0]} {_QUOTES[1]}",
        start=0,
        end=len(_QUOTES[0]),
    ),
    "Passage": Passage(
        chunk_id=_CHUNK,
        book_id=_BOOK,
        book_title=_CITATIONS[0].book_title,
        authors=_CITATIONS[0].authors,
        year=2026,
        edition=None,
        chapter=1,
        chapter_title=_CITATIONS[0].chapter_title,
        pages=(4, 5),
        content=f"{_QUOTES[0]} {_QUOTES[1]}",
        product_url=None,
        superseded=False,
    ),
    "NewMessage": NewMessage(content=_QUESTION),
    "NewPersonalToken": NewPersonalToken(name=_TOKEN_FIELDS["name"]),
    "PersonalTokenList": PersonalTokenList([PersonalToken(**_TOKEN_FIELDS)]),
    "NewFeedback": NewFeedback(
        score=FeedbackScore.down,
        reasons=(FeedbackReason.incomplete, FeedbackReason.other),
        comment="It does not say who sets it.",
    ),
    "NewShare": NewShare(expires_in_days=ShareDays.week),
    "ShareLink": ShareLink(
        share_url=f"http://localhost:5173/shared/{_TOKEN}",
        token=_TOKEN,
        expires_at=datetime(2026, 11, 30, 20, 30, 12, 480445, UTC),
    ),
    "SharedConversation": SharedConversation(
        title=_QUESTION,
        shared_by="Ada Okoye",
        created_at=_ASKED_AT,
        updated_at=_ASKED_AT,
        messages=[
            msgspec.structs.replace(
                message, input_tokens=None, output_tokens=None, cost_usd=None, response_time_ms=None
            )
            for message in _MESSAGES
        ],
        next_cursor=None,
    ),
    "Message": _MESSAGES[1],
    "Conversation": Conversation(
        id=_CONVERSATION,
        title=_QUESTION,
        status=ConversationStatus.active,
        created_at=_ASKED_AT,
        updated_at=_ASKED_AT,
        share=None,
        messages=_MESSAGES,
        next_cursor=None,
    ),
    "ConversationPage": Page(
        [_SUMMARY], "T6I2Vd7t0DOkaZ7Yktf_cowJIGsEoRjZJDAxYTIwYTE1LTQ3YTAtNzBhMC05MjcxLThjNTQyZDYx"
    ),
    "DomainList": DomainList.of_all(),
    "ExampleList": ExampleList.of_all(),
    "ExportedConversation": ExportedConversation(
        title=_QUESTION,
        created_at=_ASKED_AT,
        updated_at=_ANSWERED_AT,
        exported_at=datetime(2026, 11, 24, 7, 2, 11, 802113, UTC),
        messages=_MESSAGES,
        bibliography=[
            Work(title=_CITATIONS[0].book_title, authors=_CITATIONS[0].authors, pages=(4, 5), product_url=None)
        ],
    ),
    "Health": Health(version=VERSION),
    "Me": Me(
        id=UUID("01a20a14-fd01-702a-b26d-fef4c08af510"),
        email="ada@example.org",
        name="Ada Okoye",
        role=Role.educator,
        organization=None,
        sso_provider=Provider.development,
        created_at=datetime(2026, 9, 1, 7, 30, 12, 376450, UTC),
        last_login=datetime(2026, 11, 23, 20, 24, 37, 376450, UTC),
    ),
    "MeUpdate": MeUpdate(name="Ada Okoye"),
    "MessagePage": Page(_MESSAGES, None),
    "Readiness": Readiness(),
    "Service": Service(service="PLC Coach API", version=VERSION),
    "SessionCleanup": SessionCleanup(12),
    "SessionList": SessionList(
        [
            Session(
                id=UUID("01a20a14-fd02-7b5c-9e55-0f6a4f1de0a4"),
                created_at=datetime(2026, 11, 23, 20, 24, 37, 376450, UTC),
                last_accessed_at=_ANSWERED_AT,
                expires_at=_ANSWERED_AT + IDLE,
                user_agent="Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
                current=True,
            )
        ]
    ),
    "SignInOptions": SignInOptions([SignInOption(Provider.google, "Google", "/auth/google/login")]),
    "SignedOut": SignedOut(),
    "User": User(**_USER),
    "UserDetails": UserDetails(**_USER, conversation_count=14, message_count=96, tokens=1),
    "UserPage": UserPage([User(**_USER)], None, 1),
    "UserUpdate": UserUpdate(role=Role.coach),
}


def attach(paths: dict[str, Any]) -> None:
    """Adds an example to every body whose schema has one."""
    for item in paths.values():
        for operation in item.values():
            for body in (operation.get("requestBody", {}), *operation["responses"].values()):
                for content in body.get("content", {}).values():
                    name = content.get("schema", {}).get("$ref", "").removeprefix(REFERENCE)
                    if name in EXAMPLES:
                        content["example"] = _as_sent(EXAMPLES[name])


def _as_sent(example: msgspec.Struct) -> Any:
    """Returns the example as JSON. An example of a request leaves out the fields that are null."""
    values = msgspec.json.decode(msgspec.json.encode(example))
    if example.__struct_config__.forbid_unknown_fields:
        return {name: value for name, value in values.items() if value is not None}
    return values
