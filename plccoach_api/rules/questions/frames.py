"""Removes what stands around a question and says nothing about its subject: a greeting, a wish, a signature.

A model reads the whole message. The search and the choice of sentences read the question alone, because "Dear coach"
would find passages about coaches.
"""

import re

from plccoach_api.rules.questions.follow_ups import names_its_subject
from plccoach_api.rules.questions.routing import content_words
from plccoach_api.rules.questions.small_talk import small_talk

_QUESTION_WORD = (
    r"(?:what|how|why|who|whom|whose|when|where|which|is|are|am|was|were|do|does|did|can|could|should|must|may|might|will"
    r"|would|have|has)\b"
)
_ASKS = rf"(?=(?:and |so )?{_QUESTION_WORD})"
_ADDRESSEE = (
    r"(?:there|all|everyone|everybody|team|folks|again|sir|madam|assistant|bot|(?:plc )?coach"
    r"|(?-i:[A-Z])[\w.'\u2019-]{1,30})"
)
_GREETING = r"(?:hi|hello|hey|hiya|howdy|greetings|dear|good (?:morning|afternoon|evening|day)|hola|estimad[oa]s?)"
_LABEL = (
    r"(?:(?:here is |here's )?(?:(?:my|a|one) )?(?:quick )?question|q|(?:please |pls )?(?:tell me|let me know|explain)"
    r"|for (?:my|our) \w{1,20}(?: \w{1,20})?|\d{1,2}[.)]|[a-z][.)])"
)
_BEFORE = re.compile(
    r"\s*(?:"
    r"(?:subject|re|fwd?|asunto):[^\n]{0,200}\n"
    r"|@[\w-]{1,40}[,:]?(?=\s)"
    rf"|{_GREETING}(?:,? (?!{_QUESTION_WORD}){_ADDRESSEE}){{0,4}}(?:\s*[,!.:\n\u2013\u2014-]|(?=\s+{_ASKS}))"
    r"|(?:plc )?coach[,:]"
    r"|(?:i'm|i\u2019m|i am|my name is|me llamo|soy) (?-i:[A-Z])[^.!?\n]{0,80}[.!\n]"
    r"|(?:urgent|asap|help|please help|quick question|i have a (?:quick )?question)[!.:]+"
    rf"|{_LABEL}:?\s{_ASKS}"
    r")\s*",
    re.IGNORECASE,
)
# A question is seldom about the person who asks.
_ROLE = re.compile(rf"(?:speaking )?as an? [^,?.\n]{{1,60}}, {_ASKS}", re.IGNORECASE)
# Every question and every book is about such a place. One with an adjective may be the subject: "a rural school".
_SETTING = (
    r"(?:in|at|within|across|for) (?:an?|the|our|my|your|this|their) "
    r"(?:plcs?|professional learning communit(?:y|ies)|schools?|district|building|campus)"
)
_SETTING_BEFORE = re.compile(rf"^{_SETTING}, {_ASKS}", re.IGNORECASE)
_SETTING_AFTER = re.compile(rf",? {_SETTING}(?=\W{{0,5}}$)", re.IGNORECASE)
# In a shorter question, the place may be the subject: "What work happens in a PLC?".
_LEAST_CONTENT_WORDS = 2
# A signature has no question.
_SIGNATURE = re.compile(
    r"\n[ \t]{0,20}(?:--[ \t]{0,2}\n|sent from my\b|(?:(?:best|kind|warm|kindest|many) )?(?:regards|wishes)\b"
    r"|(?:sincerely|yours)\b|(?:best|cheers|thanks|thank you|saludos|atentamente)[,!]?[ \t]{0,20}\n)[^?]{0,300}$",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"(?<=[.?!\n])[ \t]{0,20}(?:(?:many )?thanks?|thank you|thx|ty|cheers|gracias|please|pls|plz"
    r"|(?:best|kind|warm|kindest|many) (?:regards|wishes)|sincerely|saludos)\b[^?\n]{0,40}$",
    re.IGNORECASE,
)
_FORM = re.compile(
    r"(?<=[?])\s+(?:please )?"
    r"(?:answer|reply|respond|explain|write|use|give|keep|cite|include|make|format|be|limit|list)\b"
    r"(?=[^?]*\b(?:sentences?|words?|bullets?|points?|paragraphs?|short|brief|concise|simple|sources?|cite|citations?"
    r"|references?|table|english|spanish|details?|steps?)\b)[^?.!]{1,60}[.!]?$",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://\S+")
_PLACE = re.compile(
    r"(?:please )?(?:"
    r"(?:which|what) (?:chapter|page|section|book|part)s? (?:talks?|deals?|says?|covers?|explains?|discuss(?:es)?"
    r"|describes?|mentions?|is about|are about)(?: (?:about|with|something about|anything about))?"
    r"|in (?:which|what) (?:chapter|page|section|book|part) (?:is|are)"
    r"|where (?:does it say|do(?:es)? (?:the|your) (?:books?|handbook|manual) say|is it (?:said|explained|written))"
    r"(?: (?:something|anything|more))?(?: about)?"
    r"|where can i (?:read|find)(?: (?:something|anything|more))? about"
    r"|(?:quote|cite)(?: me)?(?: the (?:rule|part|passage|section|sentence|text)s? (?:about|on|for))"
    r") (?P<asked>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
# "Thanks! One more thing: …", "Haha ok. So no calling?"
_REACTION = re.compile(r"\s*(?P<said>[^.!,:;?\n]{1,40})[.!,:;\n]+\s*(?=\w)")
# "No, I meant the fee", "not that, i mean phoning home"
_CORRECTION = re.compile(
    r"\s*(?:(?:no|nope|sorry|actually|not (?:that|this)(?: one)?)\b[\s,.!]*)*"
    r"\bi(?: mean|(?: was|['\u2019]m| am) (?:asking|talking) about| meant(?: to ask(?: about)?)?)\b[\s,:]+(?=\w)",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[^\W\d_]")


def without_frame(message: str) -> str:
    """Returns the question that is left, or the message if nothing is."""
    text = message
    while match := _before(text):
        text = text[match.end() :]
    for pattern in (_URL, _SIGNATURE, _THANKS, _FORM):
        text = pattern.sub(" ", text).strip()
    if (role := _ROLE.match(text)) and names_its_subject(text[role.end() :]):
        text = text[role.end() :]
    for pattern in (_SETTING_BEFORE, _SETTING_AFTER):
        rest = pattern.sub("", text)
        text = rest if len(content_words(rest).split()) >= _LEAST_CONTENT_WORDS else text
    return text if _LETTER.search(text) else message


def _before(text: str) -> re.Match[str] | None:
    if match := _BEFORE.match(text):
        return match
    if (match := _CORRECTION.match(text)) and content_words(text[match.end() :]):
        return match
    match = _REACTION.match(text)
    return match if match and small_talk(match["said"]) else None


def without_place(question: str) -> str:
    """Returns the subject of a question for a place: "printers?" for "Which chapter talks about printers?"."""
    match = _PLACE.match(question.strip())
    return match["asked"] if match else question
