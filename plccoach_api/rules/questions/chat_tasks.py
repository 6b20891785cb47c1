"""The tasks that chat pages give to a model beside a person's questions: a title, tags, questions that follow.

Open WebUI and LibreChat send them as a user's message, with the conversation in it. The books cannot help with them.
"""

import json
import re

from plccoach_api.rules.messages import title_of

# Open WebUI's templates end with the form of the answer and with the conversation. Its template for retrieval begins
# like them, but it has neither: it is a real question.
_OPEN_WEBUI = re.compile(r"\s{0,9}### Task:\s")
_FORM = re.compile(r'JSON format: \{ ?"(title|tags|follow_ups|queries)":')
_HISTORY = "<chat_history>"
_LIBRECHAT = (
    re.compile(r"\s{0,9}Provide a concise, 5-word-or-less title for the conversation"),
    re.compile(r"\s{0,9}Analyze this conversation and provide:\s{1,9}1\. The detected language"),
)
_OF_THE_USER = re.compile(r"^(?:USER|User): (.+)$", re.MULTILINE)
_UNTITLED = "Conversation"


def task_reply(text: str) -> str | None:
    """Returns the reply to a task in the form that it asks for, or None when the text is no such task.

    A title is the beginning of the person's first question. There are no tags, because the books do not give any, and
    no further questions, because the conversation is not stored.
    """
    if any(prompt.match(text) for prompt in _LIBRECHAT):
        return _title(text)
    if not _OPEN_WEBUI.match(text) or _HISTORY not in text or not (form := _FORM.search(text)):
        return None
    value: str | list[str] = _title(text[text.rindex(_HISTORY) :]) if form[1] == "title" else []
    return json.dumps({form[1]: value}, ensure_ascii=False)


def _title(conversation: str) -> str:
    asked = _OF_THE_USER.search(conversation)
    return title_of(asked[1].strip()) if asked else _UNTITLED
