"""Wire structs are built from rows, and their JSON has the names and values of the contract."""

import json
from datetime import timedelta, timezone
from decimal import Decimal
from typing import Any

import msgspec
from polyfactory.factories.msgspec_factory import MsgspecFactory

from plccoach_api import ids
from plccoach_api.queries.conversations import Conversation as ConversationRow
from plccoach_api.queries.conversations import ConversationSummary as ConversationSummaryRow
from plccoach_api.queries.messages import Message as MessageRow
from plccoach_api.queries.users import SignedInUser
from plccoach_api.rules.messages import FeedbackReason, FeedbackScore
from plccoach_api.structs.auth import Me
from plccoach_api.structs.conversations import Conversation, ConversationSummary
from plccoach_api.structs.messages import Message
from tests.people import NOW

PUBLIC_URL = "https://coach.example.org"


class MessageRowFactory(MsgspecFactory[MessageRow]): ...


class ConversationRowFactory(MsgspecFactory[ConversationRow]): ...


class ConversationSummaryRowFactory(MsgspecFactory[ConversationSummaryRow]): ...


class SignedInUserFactory(MsgspecFactory[SignedInUser]): ...


def on_the_wire(value: object) -> Any:
    return json.loads(msgspec.json.encode(value))


def test_times_are_utc_and_end_in_z() -> None:
    paris = NOW.astimezone(timezone(timedelta(hours=2)))
    assert on_the_wire(NOW) == "2026-09-01T08:30:00Z"
    me = Me.of(SignedInUserFactory.build(created_at=NOW, last_login=None))
    assert on_the_wire(me)["created_at"] == "2026-09-01T08:30:00Z"
    assert on_the_wire(paris).endswith("+02:00"), "other time zones are not converted, so connections must ask for UTC"


def test_a_person_without_an_organization_has_null() -> None:
    me = Me.of(SignedInUserFactory.build(organization_id=None, organization_name=None))
    assert on_the_wire(me)["organization"] is None


def test_a_person_with_an_organization_has_its_id_and_name() -> None:
    organization_id = ids.new()
    user = SignedInUserFactory.build(organization_id=organization_id, organization_name="Lakeside")
    assert on_the_wire(Me.of(user))["organization"] == {"id": str(organization_id), "name": "Lakeside"}


def test_a_cost_is_a_number() -> None:
    message = on_the_wire(Message.of(MessageRowFactory.build(cost_usd=Decimal("0.001250")), PUBLIC_URL))
    assert message["cost_usd"] == 0.00125


def test_a_message_without_feedback_has_null() -> None:
    row = MessageRowFactory.build(feedback_score=None, feedback_at=None)
    assert on_the_wire(Message.of(row, PUBLIC_URL))["feedback"] is None


def test_feedback_keeps_its_reasons_in_order() -> None:
    row = MessageRowFactory.build(
        feedback_score=FeedbackScore.down,
        feedback_reasons=(FeedbackReason.other, FeedbackReason.inaccurate),
        feedback_comment="Not our grade.",
        feedback_at=NOW,
    )
    assert on_the_wire(Message.of(row, PUBLIC_URL))["feedback"] == {
        "score": -1,
        "reasons": ["other", "inaccurate"],
        "comment": "Not our grade.",
        "created_at": "2026-09-01T08:30:00Z",
    }


def test_a_conversation_has_the_state_of_its_link_or_null() -> None:
    shared = ConversationRowFactory.build(shared_at=NOW, share_expires_at=None, share_opens=3)
    assert on_the_wire(Conversation.of(shared, [], None))["share"] == {
        "expires_at": None,
        "shared_at": "2026-09-01T08:30:00Z",
        "opens": 3,
    }
    private = ConversationRowFactory.build(shared_at=None, share_expires_at=None, share_opens=None)
    assert on_the_wire(Conversation.of(private, [], None))["share"] is None


def test_an_item_of_the_list_has_the_values_of_its_row() -> None:
    for row in ConversationSummaryRowFactory.batch(20):
        assert on_the_wire(ConversationSummary.of(row)) == on_the_wire(row)
