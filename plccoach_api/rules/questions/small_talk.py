"""Recognises small talk, such as a greeting or thanks, and has one friendly line for each kind.

A text is small talk only if all of its words are: "Thanks! How do we set norms?" is a question.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from plccoach_api.rules.questions.replies import ENGLISH, SPANISH

# A text with one of these words is small talk if all of its other words are in _OTHER_WORDS. The first kind counts.
_KEY_WORDS: Mapping[str, frozenset[str]] = {
    line: frozenset(words.split())
    for line, words in {
        SPANISH.hello: "hola buenos buenas",
        SPANISH.goodbye: "adios chao hasta",
        SPANISH.thanks: "gracias",
        ENGLISH.goodbye: "bye goodbye goodnight farewell byebye ciao tchau cya ttyl revoir tschuss",
        ENGLISH.hello: "hi hello hey hiya heya hallo greetings howdy morning afternoon evening yo sup aloha bonjour "
        "salut ola",
        ENGLISH.thanks: "thanks thank thx thnx thanx ty tysm cheers helps helped helpful great perfect awesome cool "
        "wonderful nice ok okay k kk brilliant excellent fantastic amazing super lovely sweet appreciate appreciated "
        "merci danke grazie obrigado obrigada arigato rock love wow neat noted understood best interesting alright "
        "gotcha",
        SPANISH.here: "jaja",
        ENGLISH.here: "lol rofl lmao xd haha hehe no nope nah nevermind hmm hm oh ah oops nothing sorry",
    }.items()
}
_OTHER_WORDS_TEXT = """
    there coach everyone all again good day night weekend to you a an the so very much lot lots bunch many for your help
    that this it was is its thats youre really and answer answers one job work well have see later soon how are doing
    going today tomorrow meet im i got dias tardes noches muchas mil vale que tal por todo mucho gusto luego manana
    pronto me us be bot man friend people new tag guten beaucoup schon just did do of right now u ur here clear crystal
    fine million info information explanation clarification quick fast sounds buddy mate yes yep yeah back too
"""
_SMALL_WORDS = frozenset(_OTHER_WORDS_TEXT.split()).union(*_KEY_WORDS.values())
# A greeting may be a question: "Hi, how are you?"
_GREETINGS = frozenset({ENGLISH.hello, SPANISH.hello})
_WHOLE_TEXTS: Mapping[str, str] = {
    text: line
    for line, texts in {
        ENGLISH.hello: "how are you, how are you doing, how are you today, whats up, hows it going, good day",
        ENGLISH.thanks: "got it, i see, sounds good, well done, good job, good answer, good bot, good to know, "
        "good point, makes sense, that makes sense, thats all, thats it",
        ENGLISH.goodbye: "good night, see you, see you later, see you soon, see ya, take care, have a good day",
        ENGLISH.here: "never mind, forget it, it is nothing, not now, just testing, test test",
        ENGLISH.help: "help, help me, please help, please help me, can you help, can you help me, i need help",
        SPANISH.hello: "que tal, como estas",
        SPANISH.help: "ayuda, ayudame, ayudeme, necesito ayuda, me puedes ayudar, puedes ayudarme",
        SPANISH.coach: "quien eres, que eres, como te llamas, eres un robot, eres una persona, que puedes hacer, "
        "que sabes hacer, que puedo preguntar, en que puedes ayudarme, como funcionas, hablas espanol",
    }.items()
    for text in texts.split(", ")
}
# A question about the coach itself: its subject or its object is "you", and nothing else is asked about.
_ABOUT_THE_COACH = re.compile(
    r"(?:so |and |but |wait )?(?:"
    r"(?:who|what|how old|where|how smart) are you(?: from| exactly| really)?"
    r"|are you (?:(?:a|an|the|really|just|only|some|like) )*(?:(?:real|human|ai|chat|language|computer|large) )*"
    r"(?:robot|bot|chatbot|human|ai|person|real|machine|model|program|computer|alive|gpt|chatgpt|llm|claude|siri|alexa"
    r"|teacher|there|ok)"
    r"|who (?:made|built|created|trained|programmed|wrote|owns|runs) you"
    r"|(?:what|how) (?:can|do|could|will) (?:you|u) (?:do|work|know|help|help me|help with|help me with|answer)"
    r"(?: for me| for us| exactly)?"
    r"|what(?:s| is) your (?:name|job|purpose|role|function)"
    r"|do you (?:speak|understand|know) (?:english|spanish|french|german|other languages|espanol)"
    r"|what (?:can|could|should|do) i ask(?: you)?|how do i use (?:you|this)"
    r")"
)
# A question about the source of the answer before it, or a doubt about it. The citations show what the book says.
_ABOUT_SOURCES = re.compile(
    r"(?:so |and |but |ok )?(?:"
    r"(?:which|what) (?:book|source|chapter|page|text|handbook)s? (?:is|was|are|did|does)"
    r" (?:that|this|it|these|those|you)(?: all)?(?: come| get (?:that|this|it)| use| taken| quoted)?(?: from| in| on)?"
    r"|where (?:is|was|are|did|does|do|have) (?:that|this|it|these|those|you)"
    r"(?: all)?(?: come| get (?:that|this|it|these)| read (?:that|this|it)| find (?:that|this|it)| got (?:that|this|it)"
    r"| taken| quoted)?(?: from| in)"
    r"|(?:what(?:s| is| are) |give me |show me |tell me )?(?:your |the )?(?:source|reference|citation)s?"
    r"|(?:on )?(?:which|what) (?:page|chapter|source)"
    r"|says who|who says (?:that|so|this)"
    # A doubt: "Are you sure?", "Is that really in the book?", "Where does it say so?"
    r"|(?:are|r) (?:you|u) (?:(?:really|very|quite) )?(?:sure|certain)(?: (?:about|of) (?:that|this|it))?"
    r"|(?:is|was) (?:that|this|it)(?: all)? (?:(?:really|actually) )?"
    r"(?:true|in (?:the|a|any|your|which|what) (?:books?|handbook|guide|manual))"
    r"|(?:where )?does (?:it|the (?:book|handbook|guide|manual)) (?:(?:really|actually) )?say (?:that|so|this|it)"
    r")"
)
_ABOUT_SOURCES_SPANISH = re.compile(
    r"(?:y )?(?:(?:de|en) (?:que|cual) (?:libro|fuente|capitulo|pagina) (?:es|sale|esta|viene|lo sacaste|sacaste eso)"
    r"(?: eso| esto)?|de donde (?:sale|viene|es|sacas|sacaste) (?:eso|esto)"
    r"|cual(?:es)? (?:es|son) (?:tus?|las?|sus?) fuentes?)"
)
# "That doesn't help", "This is not what I asked", "I don't get it".
_COMPLAINT = re.compile(
    r"(?:(?:no|but|sorry|hm|ok|well) )*(?:"
    r"(?:that|this|it|your answer|the answer)(?: really| just| still)?"
    r" (?:(?:does|did)(?:nt| not)(?: really)? (?:help|work|make(?: any)? sense|answer (?:my|the) question)"
    r"|makes no sense"
    r"|(?:is|was)(?: really| completely)? (?:wrong|useless|nonsense|unhelpful|bad|off|incorrect)"
    r"|(?:is|was)(?:nt| not)(?: really)? (?:what i (?:asked|meant|wanted|needed|was looking for)(?: for)?"
    r"|helpful|useful|right|true|correct|it|an answer|good))(?: me)?"
    r"|(?:that|it)s (?:wrong|useless|nonsense|not (?:what i (?:asked|meant|wanted)(?: for)?|helpful|right|true|it))"
    r"|i (?:still )?(?:dont|do not|didnt|did not) (?:understand|get|follow)(?: (?:it|that|this|you|your answer))?"
    r"|you(?:re| are| were)(?: really| just| so)? (?:wrong|useless|unhelpful|no help|(?:of )?no use"
    r"|not(?: very| really| much)? (?:helpful|useful|right|help))"
    r"|not(?: very| really)? (?:helpful|useful|right)|useless|bad answer|wrong(?: answer)?|try again"
    r"|you (?:didnt|did not|havent) answer(?:ed)? (?:my|the) question|you (?:misunderstood|did not understand)(?: me)?"
    r"|(?:i (?:asked|meant) )?something else"
    r")(?: at all| much)?(?: coach)?"
)
_COMPLAINT_SPANISH = re.compile(
    r"(?:pero )?(?:(?:eso|esto) )?no (?:me )?(?:ayuda|sirve|responde)(?: (?:a )?mi pregunta)?"
    r"|no (?:lo |te |le )?entiendo"
    r"|(?:eso |esto )?(?:no es lo que (?:pregunte|queria|pedi)|esta mal|es incorrecto)"
)
_BEFORE = (
    r"(?:(?:ok|okay|k|ah|oh|great|perfect|awesome|cool|nice|good|yes|yep|thanks|thank you|thx|hi|hello|hey|coach|there"
    r"|alright) )*"
)
_AFTER = r"(?: (?:now|then|here|coach|thanks|thank you|thx|so much|for (?:now|today)))*"
# "That's exactly what I needed", "That answered my question": a reader who is content asks nothing.
_CONTENT = re.compile(
    rf"{_BEFORE}(?:"
    r"(?:(?:that|this|it)(?:s| is| was)?|thats?)(?: (?:all|really|just|very|quite|pretty|so|exactly))*"
    r" (?:clear|fine|enough|fast|quick|answer(?:s|ed) (?:my|the) question"
    r"|(?:what )?i (?:needed|need|wanted|was looking for|was after))"
    r"|exactly what i (?:needed|wanted|was looking for)"
    r"|(?:all|very|crystal) clear|(?:i )?(?:understand|get it)|no (?:more|further) questions|no problem"
    r"|(?:im|i am) done"
    rf"){_AFTER}"
)
# "I have a question", "Can I ask you something?": the question comes next.
_WILL_ASK = re.compile(
    rf"{_BEFORE}(?:"
    r"(?:(?:i|we) (?:have|got|have got)|ive got|just|got) (?:an?|one|another|some|a few)"
    r" (?:quick |short |little )?questions?"
    r"(?: for you)?|(?:quick|one|another) question|(?:can|could|may) i ask(?: you)?"
    r" (?:something|anything|a(?: quick)? question|some questions)"
    r"|(?:can|could) you help(?: me)?(?: out)?|(?:i )?need (?:some |your )?help(?: please)?"
    rf"){_AFTER}"
)
_PATTERNS: Mapping[str, re.Pattern[str]] = {
    ENGLISH.thanks: _CONTENT,
    ENGLISH.help: _WILL_ASK,
    ENGLISH.coach: _ABOUT_THE_COACH,
    ENGLISH.sources: _ABOUT_SOURCES,
    SPANISH.sources: _ABOUT_SOURCES_SPANISH,
    ENGLISH.sorry: _COMPLAINT,
    SPANISH.sorry: _COMPLAINT_SPANISH,
}
# "Thanks, I'll try that with my team": what the reader says next is a plan, and no question.
_PLAN = re.compile(
    r"(?:(?:i|we) (?:will|am going to|are going to)|ill|well|im going to|im gonna|will) (?:definitely )?"
    r"(?:try|do|use|give|share|see|think|read|look|check|start|ask)\b"
)
_QUESTION_WORDS = frozenset(
    {"how", "what", "why", "when", "where", "who", "which", "whether", "can", "could", "should", "would"}
)
_FIRST_WORDS = frozenset({"is", "are", "was", "do", "did", "does", "will"})
_MAX_CHARACTERS = 80
_APOSTROPHES = "'\u2019"
_NO_WORD = re.compile(r"[\W_]+")
# "heyyy", "sooo", "hahaha"
_LONG_LETTER = re.compile(r"([a-z])\1{2,}")
_LAUGHTER = re.compile(r"\b(?:a?(?:ha|he|ja|hi){2,}h?|lo+l+|xd+)\b")
_SMILEY = re.compile(r"[:;]-?[)(DPp]|<3")
_PICTURES = frozenset({"So", "Sk"})


def small_talk(text: str) -> str | None:
    """Returns the line that answers a text of small talk, or None for any other text."""
    if len(text) > _MAX_CHARACTERS:
        return None
    words = _words(text)
    if not words:
        return ENGLISH.here if _is_picture(text) else None
    normalized = " ".join(words)
    if line := _WHOLE_TEXTS.get(normalized):
        return line
    if line := next((line for line, pattern in _PATTERNS.items() if pattern.fullmatch(normalized)), None):
        return line
    line = next((line for line, keys in _KEY_WORDS.items() if not keys.isdisjoint(words)), None)
    if line is None or (line not in _GREETINGS and _asks(text, words)):
        return None
    return line if _SMALL_WORDS.issuperset(_without_plan(words)) else None


def _asks(text: str, words: Sequence[str]) -> bool:
    return "?" in text or words[0] in _FIRST_WORDS or not _QUESTION_WORDS.isdisjoint(words)


def _without_plan(words: Sequence[str]) -> Sequence[str]:
    """Leaves out what the reader plans to do, if there is something before it: "Thanks, I'll try that"."""
    text = " ".join(words)
    plan = _PLAN.search(text)
    return text[: plan.start()].split() if plan and plan.start() else words


def _is_picture(text: str) -> bool:
    return any(unicodedata.category(each) in _PICTURES for each in text) or _SMILEY.search(text) is not None


def _words(text: str) -> list[str]:
    """Returns the words in small letters, without accents and apostrophes. A number counts as a word."""
    letters = unicodedata.normalize("NFKD", _SMILEY.sub(" ", text)).lower()
    plain = "".join(each for each in letters if not unicodedata.combining(each) and each not in _APOSTROPHES)
    return _LAUGHTER.sub(_one_laugh, _LONG_LETTER.sub(r"\1", _NO_WORD.sub(" ", plain))).split()


def _one_laugh(laughter: re.Match[str]) -> str:
    return "jaja" if "ja" in laughter[0] else "haha"
