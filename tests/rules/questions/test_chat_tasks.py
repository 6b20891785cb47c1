"""The tasks of Open WebUI and LibreChat, and questions that only look like them."""

import json

import pytest

from plccoach_api.rules.questions.chat_tasks import task_reply

HISTORY = """### Chat History:
<chat_history>
USER: What is a SMART goal?
ASSISTANT: A SMART goal is specific. [1]
</chat_history>"""
TITLE = f"""### Task:
Generate a concise, 3-5 word title with an emoji summarizing the chat history.
### Guidelines:
- The title should clearly represent the main theme or subject of the conversation.
### Output:
JSON format: {{ "title": "your concise title here" }}
### Examples:
- {{ "title": "📉 Stock Market Trends" }}
{HISTORY}"""
TAGS = f"""### Task:
Generate 1-3 broad tags categorizing the main themes of the chat history, along with 1-3 more specific subtopic tags.

### Output:
JSON format: {{ "tags": ["tag1", "tag2", "tag3"] }}

{HISTORY}"""
FOLLOW_UPS = f"""### Task:
Suggest 3-5 relevant follow-up questions or prompts that the user might naturally ask next in this conversation.
### Output:
JSON format: {{ "follow_ups": ["Question 1?", "Question 2?", "Question 3?"] }}
{HISTORY}"""
RETRIEVAL = """### Task:
Respond to the user query using the provided context, incorporating inline citations in the format [id].

<context>
<source id="1">Teams meet weekly.</source>
</context>

<user_query>
How often do teams meet?
</user_query>"""
LIBRECHAT = (
    "Provide a concise, 5-word-or-less title for the conversation, using title case conventions. "
    "Only return the title itself.\n\nConversation:\nUser: What is a SMART goal?\nAI: A SMART goal is specific."
)
LIBRECHAT_LANGUAGE = """Analyze this conversation and provide:
1. The detected language of the conversation
2. A concise title in the detected language (5 words or less, no punctuation or quotation)

User: What is a SMART goal?
AI: A SMART goal is specific."""


@pytest.mark.parametrize(
    ("task", "reply"),
    [
        (TITLE, {"title": "What is a SMART goal?"}),
        (TAGS, {"tags": []}),
        (FOLLOW_UPS, {"follow_ups": []}),
        (f"\n{TITLE}\n", {"title": "What is a SMART goal?"}),
        (TITLE.replace("USER: What is a SMART goal?\n", ""), {"title": "Conversation"}),
        (TITLE.replace("SMART goal?", "good team " * 20), {"title": f"{'What is a ' + 'good team ' * 4}…"}),
    ],
)
def test_a_task_of_open_webui_is_answered_in_json(task: str, reply: dict[str, object]) -> None:
    assert json.loads(task_reply(task) or "") == reply


@pytest.mark.parametrize("task", [LIBRECHAT, LIBRECHAT_LANGUAGE])
def test_a_title_for_librechat_is_plain_text(task: str) -> None:
    assert task_reply(task) == "What is a SMART goal?"


@pytest.mark.parametrize(
    "question",
    [
        RETRIEVAL,
        "What is a SMART goal?",
        "Generate a concise, 3-5 word title for our norms.",
        "### Task:\nHow do we write norms?",
        'Explain this: JSON format: { "title": "x" } <chat_history>',
        "Please provide a concise, 5-word-or-less title for the conversation about norms",
    ],
)
def test_a_question_is_no_task(question: str) -> None:
    assert task_reply(question) is None
