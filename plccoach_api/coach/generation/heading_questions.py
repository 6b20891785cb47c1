"""Turns the heading of a section into a question that a reader would ask, by a few rules of English.

A Spanish question quotes the heading, which may be in another language: it is the name of the section.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from plccoach_api.rules.numerals import CARDINAL
from plccoach_api.rules.questions.languages import Language

_MOST_CHARACTERS = 120
_MOST_WORDS = 12
_LEAST_QUESTION_WORDS = 4
_MOST_LETTERS_OF_ACRONYM = 4
_MOST_RAW_CHARACTERS = 300

_WORD = re.compile(r"[^\W\d_]+")
_MARKUP = re.compile(r"<[^<>]{0,200}>|\{[^{}]{0,100}\}|[*`_~\\]|!?\[(?=[^\[\]]{1,200}\]\()|\]\([^()]{0,250}\)")
# "3.", "2.1", "A)", "IV.", "Chapter 3:", "Lesson 4 -": what stands before the words of a numbered heading.
_NUMBER = re.compile(
    r"(?:(?:chapter|part|section|unit|lesson|module|session|appendix|step|rule|tip|variation|task|option|case)\s+)?"
    r"(?:\d+(?:\.\d+)*|[a-z]|[ivx]{1,5})\s?[.):\u2013\u2014-](?:\s+|$)|\d+(?:\.\d+)*\s+"
    # The numbers of laws: "(a)", "(iv)", "§ 12."
    r"|\((?:\d{1,3}|[a-z]|[ivx]{1,5})\)\s+|\u00a7{1,3}\s?\d[\w.-]{0,20}\s",
    re.IGNORECASE,
)
# "JICFB: BULLYING": the code of a policy.
_CODE = re.compile(r"^[A-Z]{1,6}(?:[-/][A-Z\d]{1,6}){0,3}: (?=[^a-z]{1,200}$)")
# "(10 min)", "(pairs/15)": how long a task takes.
_DURATION = re.compile(r" \([^()]{0,40}\d[^()]{0,40}\)$")
# The heading of a step of an agenda: "Opening (5 minutes)".
_STEP = re.compile(r" \([^()]{0,40}\d ?(?:min|minutes|hours?)\b[^()]{0,40}\)$")
_NAMES_NOTHING = re.compile(
    r"(?:abbreviations|about (?:this|the) .*|abstract|acknowledge?ments?|activit(?:y|ies).*|agenda|"
    r"anything else|answers?(?: key| to .*)?|appendi(?:x|ces).*|authors?|background|bibliograph(?:y|ies)|"
    r"changelog|"
    r"(?:date (?:of )?)?(?:the )?(?:last )?(?:modified|updated?|revis(?:ed|ion)|review(?:ed)?|changed?|published"
    r"|effective)(?: date)?(?: on)?:? [^\n]{0,30}\d[^\n]{0,20}|"
    r"(?:chapter|part|section|unit|lesson|module|session|step|week|day|figure|table|exercise|example|appendix|task)"
    r"(?: ?\d+| [a-z])?|"
    r"(?:in )?(?:conclusions?|summary|closing)|contact.*|contents|contributors?|copyright.*|credits|"
    r"(?:art )?attributions?.*|definitions?|descriptions?|details|dig(?:ging)? deeper|"
    r"discussion(?: questions)?|endnotes?|epilogue|examples?.*|exercises?|faqs?|footnotes|foreword|"
    r"further reading|(?:in )?general|glossary|goals?|how to use this .*|important notes?|index|get connected|"
    r"(?:student|author|teacher) (?:profiles?|bios?|biograph(?:y|ies))|thoughts|information|"
    r"(?:an )?introduction.*|intro|key (?:points|takeaways|terms|ideas)|learning (?:objectives|outcomes).*|"
    r"lessons? (?:learned|plan|reflection|starter)|licen[cs]e.*|links|list of .*|materials|meta.*|more .*|"
    r"next steps?|notes?|notes? from .*|objectives?(?: and .*)?|other.*|outlines?|overview.*|preface|"
    r"prerequisites|prologue|purpose|questions?(?: (?:to|for) .*)?|recap|references?.*|"
    r"reflections?(?: questions)?|requirements?|resources?.*|see also|solutions?|sources|subtitle|syllabus|"
    r"table of .*|takeaways|templates?|tips|to ?do|tools|introducción|resumen|conclusi(?:ón|ones)|bibliografía|"
    r"referencias|índice|prólogo|anexos?|ejemplos?|ejercicios?|"
    r"(?:optional |further )?(?:exercises?|activity|tasks?|challenges?|discussion|homework|quiz|worksheet):? .*|"
    r"(?:trainer|instructor|teacher|author|editor|translator)(?:'?s|s')? notes?|pushed for time|"
    r"(?:useful|recommended|suggested|additional|optional) (?:reading|links|resources|homework).*|topics?|"
    r"under development.*|updates?(?: logs?)?|welcome|what'?s next|works cited)",
    re.IGNORECASE,
)
_NUMBER_ALONE = re.compile(rf"{CARDINAL}|[\d.]+", re.IGNORECASE)
_ASKS = re.compile(
    r"(?:what|why|how|when|where|who|which|should|can|do|does|did|is|are|will|must|may|could)\b", re.IGNORECASE
)
# Words of a heading that is a sentence, or that refers to the text around it.
_NEEDS_CONTEXT = re.compile(
    r"\b(?:you|these|those|this|here|above|below|else|they|them|it)\b|[|=/\u2192]", re.IGNORECASE
)
_IS_A_SENTENCE = re.compile(r"\b(?:i|we|he|she|is|are|isn.t|aren.t|was|were)\b", re.IGNORECASE)
_GERUND = re.compile(r"[a-z]{2,}ing\b", re.IGNORECASE)
_JOINED = re.compile(r"(?:and|or|vs|versus|as|is|in|for|with)\b|.* vs\b", re.IGNORECASE)
# Words in -ing that are as often part of a noun: "learning targets", "grading practices".
_NOUNS_IN_ING = frozenset(
    _WORD.findall(
        "bring closing coaching computing during engineering everything evening existing feeling following funding "
        "grading guiding hearing housing king learning living marketing meaning meeting mentoring morning nothing "
        "offering ongoing opening pacing parking planning programming questioning ranking rating reading remaining "
        "sampling scaffolding setting something spring staffing standing string supporting teaching testing thing "
        "training tutoring understanding working writing"
    )
)
_IMPERATIVES = frozenset(
    _WORD.findall(
        "adapt add adopt anticipate apply ask assess assign avoid be become begin build celebrate choose clarify "
        "collect communicate configure connect consider create decide define delete develop discuss download "
        "edit enable encourage engage enrol enroll ensure establish evaluate explain explore export facilitate find "
        "foster gather get give help identify implement import improve include install introduce invite involve join "
        "keep know learn "
        "listen maintain make manage motivate organise organize participate prepare presume prevent promote "
        "protect provide publish recognise recognize recruit reduce relate remember remove rename replace reset "
        "respect respond reuse revise select solve submit teach think understand uninstall upload use write"
    )
)
# Before one of these, a word is a verb: "share your results", "start a calendar", "disagree constructively".
_AFTER_A_VERB = re.compile(
    r"(?:a|an|our|the|their|your|yourself|aside|away)\b|(?!(?:only|early|(?:bi)?(?:week|month)ly|daily|likely|family|friendly)\b)[a-z]{2,}ly\b"
)
# "Use cases", "Use of data": no verb.
_NO_OBJECT = re.compile(r"(?:cases?|of)\b")
_BEFORE_A_NOUN = frozenset(
    _WORD.findall(
        "about across after against all an and around as at because before behind beyond but by during for from "
        "if in inside into never not of on only or outside over per than through to toward towards under until up "
        "with within without"
    )
)


# The same headings and titles are found again and again.
@lru_cache(maxsize=500)
def heading_text(raw: str) -> str:
    """Returns a heading's words, without its markup, its number and its duration; none for a step of an agenda."""
    text = " ".join(_MARKUP.sub("", raw[:_MOST_RAW_CHARACTERS]).split()).strip("# ")
    if _STEP.search(text):
        return ""
    return _DURATION.sub("", _without_number(_CODE.sub("", text)))


def _without_number(text: str) -> str:
    return _NUMBER.sub("", text, count=1) if _NUMBER.match(text) else text


def question_about(heading: str, common_words: frozenset[str]) -> str | None:
    """Returns a question whose answer is the section below the heading, or None if the heading names no subject.

    `common_words` are the words that the text around it writes in small letters. They are no names.
    """
    if not _names_a_subject(heading):
        return None
    is_question = heading.endswith("?")
    if is_question and not _is_whole_question(heading):
        return None
    sentence = _in_small_letters(heading.strip(" .!\u2026"), common_words)
    question = sentence[:1].upper() + sentence[1:] if is_question else _ask(sentence)
    return question if question and len(question) <= _MOST_CHARACTERS else None


def spanish_question_about(heading: str, common_words: frozenset[str]) -> str | None:
    """Returns the same in Spanish: "¿Qué debemos saber sobre «team norms»?"."""
    if not _names_a_subject(heading):
        return None
    if heading.startswith("\u00bf"):
        return heading if len(heading) <= _MOST_CHARACTERS else None
    name = _in_small_letters(heading.strip(" .!?\u2026"), common_words)
    question = f"\u00bfQué debemos saber sobre \u00ab{name}\u00bb?"
    return question if len(question) <= _MOST_CHARACTERS else None


QUESTIONS: Mapping[Language, Callable[[str, frozenset[str]], str | None]] = {
    Language.english: question_about,
    Language.spanish: spanish_question_about,
}


def forms_of(text: str) -> frozenset[str]:
    """Returns the words of a text in small letters, each with and without an s at its end."""
    words = map(str.lower, _WORD.findall(text))
    return frozenset(form for word in words for form in (word, f"{word}s", word.removesuffix("s")))


def names_nothing(heading: str) -> bool:
    """Returns True for a heading that every book may have, and for a number: "Summary", "IV", "3."."""
    plain = (_without_number(heading) or heading).strip(" .!?").replace("\u2019", "'")
    return _NAMES_NOTHING.fullmatch(plain) is not None or _NUMBER_ALONE.fullmatch(plain) is not None


@lru_cache(maxsize=500)
def _names_a_subject(heading: str) -> bool:
    words = _WORD.findall(heading)
    letters = sum(map(len, words))
    return (
        0 < len(words) <= _MOST_WORDS
        and letters >= max(5, 0.7 * len(heading.replace(" ", "")))
        and not heading.endswith(":")
        and not _NEEDS_CONTEXT.search(heading)
        and not words[0].lower().startswith("don")
        and not names_nothing(heading)
    )


def _is_whole_question(heading: str) -> bool:
    return (
        len(heading.split()) >= _LEAST_QUESTION_WORDS
        and _ASKS.match(heading) is not None
        and heading.count("?") == 1
        and " your " not in heading
    )


def _ask(subject: str) -> str | None:
    first, _, rest = subject.partition(" ")
    verb = first.lower()
    if verb == "how" and rest.startswith("to "):
        return f"How do we {_ours(rest.removeprefix('to '))}?"
    if _ASKS.match(subject) or _IS_A_SENTENCE.search(subject) or verb in _BEFORE_A_NOUN:
        return None
    if rest and _GERUND.fullmatch(first) and verb not in _NOUNS_IN_ING and not _JOINED.match(rest):
        return f"How do we go about {verb} {_ours(rest)}?"
    if rest and (
        (verb in _IMPERATIVES and not _NO_OBJECT.match(rest))
        or (_AFTER_A_VERB.match(rest) and not verb.endswith(("s", "ing", "ed")))
    ):
        return f"How do we {verb} {_ours(rest)}?"
    # Without the title of the book: its words would find other passages of the book.
    return f"What should we know about {_ours(subject)}?"


def _ours(text: str) -> str:
    return re.sub(r"\byour(self)?\b", lambda word: "ourselves" if word[1] else "our", text, flags=re.IGNORECASE)


def _in_small_letters(heading: str, common_words: frozenset[str]) -> str:
    """Writes the words of a title as in a sentence, except for names and abbreviations."""
    first, *others = _WORD.findall(heading)
    is_title = any(word.istitle() for word in others)

    def lowered(match: re.Match[str]) -> str:
        word = match[0]
        is_common = not common_words.isdisjoint(forms_of(word))
        if word == "A" and match.start() == 0:
            return "a"
        if word == "I":
            return word
        if word.isupper():
            # Among capitals, a short word that nobody writes in small letters is an acronym.
            return word.lower() if heading.isupper() and (is_common or len(word) > _MOST_LETTERS_OF_ACRONYM) else word
        return word.lower() if word.istitle() and (is_common or (not is_title and word == first)) else word

    return _WORD.sub(lowered, heading)
