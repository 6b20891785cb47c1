"""The kinds of questions: some ask for an example, some for a number, a reason or a meaning."""

import re

_ASKS_EXAMPLE = re.compile(
    r"\b(?:(?:an?|some|another|any|more|one) (?:[\w-]+ )?(?:example|instance)s?|for instance|examples? of)\b",
    re.IGNORECASE,
)
_ASKS_NUMBER = re.compile(r"\bhow (?:many|much|long|often|old|far|big|large|quickly|fast|soon)\b", re.IGNORECASE)
_ASKS_REASON = re.compile(r"\bwhy\b|\bhow come\b|\bwhat (?:causes?|caused|is the reason)\b|\bbother\b", re.IGNORECASE)
_ASKS_MEANING = re.compile(
    r"\W*(?:what|who)(?:['\u2019]s| is| are| was| were)\b"
    r"|[^?]{0,200}\b(?:mean|means|meaning|define|defined|stands? for|short for)\b"
    # "Norm definition", "the definition of a norm"
    r"|\W*(?:\w[\w-]{0,40} ){1,5}definition\W{0,9}$|\W*(?:(?:the|a|give me (?:the|a)) )?definition of\b"
    # A term alone: "Hinge question?", but not "Are visits paid?"
    r"|\W*(?!(?:is|are|was|were|do|does|did|can|could|may|might|must|should|will|would|shall|has|have|had|how|when|where"
    r"|which|whose|whom)\b)[\w-]+(?: [\w-]+){0,2}\W*$",
    re.IGNORECASE,
)
# "Tell me about norms", "Summarize what you know about norms", "I'd like an overview of norms".
_ASKS_ABOUT = re.compile(
    r"\W*(?:(?:please|pls|hi|hello|coach)[ ,]{1,3}){0,3}(?:(?:can|could|would|will) you (?:please )?)?(?:"
    r"(?:tell|teach|inform|brief) (?:me|us)(?: (?:more|something|everything|a bit|a little|all))? (?:about|on)"
    r"|(?:explain|describe|summari[sz]e|outline)(?: to (?:me|us))?"
    r"(?: (?:what you know|everything|the (?:idea|concept)))?(?: (?:about|on|of))?"
    r"|what (?:do|can) you (?:know|say|tell (?:me|us)) about"
    r"|(?:i|we)(?:['\u2019]d| would| want| need)?(?: like)?(?: to)? (?:know|learn|understand|read)"
    r"(?: more| something)?(?: about)?"
    r"|(?:(?:give (?:me|us)|(?:i|we) (?:need|want|would like)|(?:i|we)['\u2019]d like) )?(?:an? |the |some |more )?"
    r"(?:overview|summary|information|info|introduction|basics)(?: (?:about|on|of|to|regarding))"
    r") (?!(?:how|why|when|where|who|whether|if|which)\b)(?P<subject>[^?.!\n]{2,80}?)"
    r"(?: in (?:an? |one |two |a few |simple |plain |short |\d )*(?:sentences?|words?|terms))?[?.!]*$",
    re.IGNORECASE,
)


def asked_about(question: str) -> str:
    """Returns "norms" for "Tell me about norms"; nothing for a question that asks in another way."""
    match = _ASKS_ABOUT.match(question.strip())
    return match["subject"] if match else ""


def asks_for_reason(question: str) -> bool:
    return _ASKS_REASON.search(question) is not None


def kind_of(question: str) -> str:
    """Returns "example", "number", "reason" or "meaning", and nothing for any other question."""
    for kind, pattern in (("example", _ASKS_EXAMPLE), ("number", _ASKS_NUMBER), ("reason", _ASKS_REASON)):
        if pattern.search(question):
            return kind
    return "meaning" if _ASKS_MEANING.match(question) or asked_about(question) else ""
