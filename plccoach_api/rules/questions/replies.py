"""The sentences that the coach says itself, in the languages that it speaks without a model.

A question in another language gets the English ones. Braces hold the place of a word of the books.
"""

from collections.abc import Mapping

import msgspec

from plccoach_api.rules.questions.languages import Language, language_of
from plccoach_api.rules.stopped_early import StoppedEarly


class Replies(msgspec.Struct, frozen=True, kw_only=True):
    refusal: str
    near: str
    """Introduces the nearest places, which are no answer."""
    unsure: str
    """Introduces an answer that may be none."""
    cannot_make: str
    """Introduces an answer to an order to write or to make something."""
    clarification: str
    takeaways: str
    cut_by_limit: str
    """The last sentence of a model's answer that has a beginning."""
    cut_by_filter: str
    none_by_limit: str
    """The whole answer, when nothing of a model's text may be shown. It does not say that the books have no answer."""
    none_by_filter: str

    hello: str
    thanks: str
    goodbye: str
    coach: str
    help: str
    here: str
    sorry: str
    """Answers a complaint about the answer before."""
    sources: str
    """Says where an answer comes from."""

    chapters: str
    first_chapters: str
    chapters_about: str
    which_book: str
    which_of_many: str
    books: str
    many_books: str
    only_book: str
    no_such_book: str
    page: str
    pages: str
    chapter: str
    other_chapter: str
    in_no_book: str
    last_page: str
    last_chapter: str
    not_in_book: str
    has_pages: str
    has_no_pages: str
    has_chapters: str
    has_no_further_chapters: str
    authors: str
    authors_unknown: str
    one_chapter: str
    chapter_count: str
    page_count: str
    pages_unknown: str
    edition: str
    edition_unknown: str
    edition_name: str
    year_name: str
    and_: str
    or_: str

    def cut_by(self, reason: StoppedEarly) -> str:
        return self.cut_by_limit if reason is StoppedEarly.length else self.cut_by_filter

    def none_by(self, reason: StoppedEarly) -> str:
        return self.none_by_limit if reason is StoppedEarly.length else self.none_by_filter


_ASK = "Ask me anything about the work of your team: assessment, collaboration, curriculum, data or support."
_BOOKS = "I answer from the books that were given to me, and I cite them."
_CLARIFICATION = (
    "What is your question about: assessment, collaboration, leadership, curriculum, data, school culture "
    "or support for students, and what have you tried so far?"
)
ENGLISH = Replies(
    refusal=(
        "I could not find anything about that in the books I work from. "
        "I can help with the work of a professional learning community: what students should learn, "
        "how you will know, and what to do when they have not, or already have."
    ),
    near="I found no answer to that in the books I work from. This is the nearest that they say:",
    unsure="I am not sure that the books I work from answer this. This comes closest:",
    cannot_make="I cannot make that for you. This is what the books I work from say about it:",
    clarification=_CLARIFICATION,
    takeaways="Key takeaways:",
    cut_by_limit="The answer was cut off at the model's limit.",
    cut_by_filter="The answer was cut off by the model's content filter.",
    none_by_limit="The model reached its limit before it had an answer to show. A narrower question may help.",
    none_by_filter="The model's content filter withheld the answer. The question may help in other words.",
    hello=f"Hello! {_ASK}",
    thanks=f"You're welcome! {_ASK}",
    goodbye=f"Goodbye, and good luck with your team! {_ASK}",
    coach=f"I am a coach for educators. {_BOOKS} {_ASK}",
    help=f"{_BOOKS} {_CLARIFICATION}",
    here=f"I am here when you need me. {_ASK}",
    sorry=(
        "I am sorry that this did not help. Ask me again in other words, or name the book, the chapter or the thing "
        "that you mean."
    ),
    sources=(
        "Each number in my answers is a citation: it names the book, the chapter and, where the book has pages, the "
        "page, and it has the words that I quote. What has no number is not from a book."
    ),
    chapters="These are the chapters of “{title}”:",
    first_chapters="These are the first {shown} of the {count} chapters of “{title}”:",
    chapters_about="By its title, this is what “{title}” has about it:",
    which_book="Which book do you mean: {titles}?",
    which_of_many="Which book do you mean? I have {count} that this fits, for example {titles}.",
    books="My books are {titles}.",
    many_books="I have {count} books, for example {titles}.",
    only_book="My only book is {titles}.",
    no_such_book="I have no book called “{title}”.",
    page="page {first}",
    pages="pages {first} to {last}",
    chapter="chapter {number}",
    other_chapter="such chapter",
    in_no_book="None of my {count} books has {part}.",
    last_page="The last page of any of them is {last}.",
    last_chapter="The last chapter of any of them is {last}.",
    not_in_book="“{title}” has no {part}.",
    has_pages="It has the pages {first} to {last}.",
    has_no_pages="It has no pages.",
    has_chapters="It has {count} chapters.",
    has_no_further_chapters="It has no further chapters.",
    authors="“{title}” is by {authors}.",
    authors_unknown="I do not know who wrote “{title}”.",
    one_chapter="“{title}” has 1 chapter.",
    chapter_count="“{title}” has {count} chapters.",
    page_count="“{title}” has the pages {first} to {last}.",
    pages_unknown="I do not know the pages of “{title}”.",
    edition="I have this of “{title}”: {known}.",
    edition_unknown="I do not know the edition or the year of “{title}”.",
    edition_name="edition",
    year_name="year",
    and_="and",
    or_="or",
)

_ASK_SPANISH = (
    "Pregúnteme lo que quiera sobre el trabajo de su equipo: evaluación, colaboración, currículo, datos o apoyo."
)
_BOOKS_SPANISH = "Respondo a partir de los libros que me dieron, y los cito."
_CLARIFICATION_SPANISH = (
    "¿Sobre qué es su pregunta: evaluación, colaboración, liderazgo, currículo, datos, cultura escolar "
    "o apoyo a los estudiantes, y qué ha intentado hasta ahora?"
)
SPANISH = Replies(
    refusal=(
        "No encontré nada sobre eso en los libros con los que trabajo. "
        "Puedo ayudar con el trabajo de una comunidad profesional de aprendizaje: qué deben aprender los estudiantes, "
        "cómo lo sabrán ustedes, y qué hacer cuando no lo han aprendido o ya lo saben."
    ),
    near="No encontré una respuesta a eso en los libros con los que trabajo. Esto es lo más cercano que dicen:",
    unsure="No es seguro que los libros con los que trabajo respondan a eso. Esto es lo que más se acerca:",
    cannot_make="No puedo hacer eso por usted. Esto es lo que dicen los libros con los que trabajo:",
    clarification=_CLARIFICATION_SPANISH,
    takeaways="Ideas clave:",
    cut_by_limit="La respuesta se cortó en el límite del modelo.",
    cut_by_filter="El filtro de contenido del modelo cortó la respuesta.",
    none_by_limit=(
        "El modelo llegó a su límite antes de tener una respuesta que mostrar. Puede ayudar una pregunta más concreta."
    ),
    none_by_filter=(
        "El filtro de contenido del modelo retuvo la respuesta. Puede ayudar hacer la pregunta con otras palabras."
    ),
    hello=f"¡Hola! {_ASK_SPANISH}",
    thanks=f"¡De nada! {_ASK_SPANISH}",
    goodbye=f"¡Hasta pronto! {_ASK_SPANISH}",
    coach=f"Acompaño a docentes en su trabajo. {_BOOKS_SPANISH} {_ASK_SPANISH}",
    help=f"{_BOOKS_SPANISH} {_CLARIFICATION_SPANISH}",
    here=f"Aquí estoy cuando me necesite. {_ASK_SPANISH}",
    sorry=(
        "Lamento que esto no haya ayudado. Pregúnteme con otras palabras, o diga el libro, el capítulo o la cosa "
        "a la que se refiere."
    ),
    sources=(
        "Cada número de mis respuestas es una cita: dice el libro, el capítulo y, si el libro las tiene, la página, y "
        "contiene las palabras que cito. Lo que no tiene número no es de un libro."
    ),
    chapters="Estos son los capítulos de “{title}”:",
    first_chapters="Estos son los primeros {shown} de los {count} capítulos de “{title}”:",
    chapters_about="Por su título, esto es lo que “{title}” tiene sobre ello:",
    which_book="¿A qué libro se refiere: {titles}?",
    which_of_many="¿A qué libro se refiere? Tengo {count} que podrían ser, por ejemplo {titles}.",
    books="Mis libros son {titles}.",
    many_books="Tengo {count} libros, por ejemplo {titles}.",
    only_book="Mi único libro es {titles}.",
    no_such_book="No tengo ningún libro llamado “{title}”.",
    page="página {first}",
    pages="páginas {first} a {last}",
    chapter="capítulo {number}",
    other_chapter="ese capítulo",
    in_no_book="Ninguno de mis {count} libros tiene {part}.",
    last_page="La última página de todos ellos es la {last}.",
    last_chapter="El último capítulo de todos ellos es el {last}.",
    not_in_book="“{title}” no tiene {part}.",
    has_pages="Tiene las páginas {first} a {last}.",
    has_no_pages="No tiene páginas.",
    has_chapters="Tiene {count} capítulos.",
    has_no_further_chapters="No tiene más capítulos.",
    authors="“{title}” es de {authors}.",
    authors_unknown="No sé quién escribió “{title}”.",
    one_chapter="“{title}” tiene 1 capítulo.",
    chapter_count="“{title}” tiene {count} capítulos.",
    page_count="“{title}” tiene las páginas {first} a {last}.",
    pages_unknown="No conozco las páginas de “{title}”.",
    edition="Tengo esto de “{title}”: {known}.",
    edition_unknown="No conozco la edición ni el año de “{title}”.",
    edition_name="edición",
    year_name="año",
    and_="y",
    or_="o",
)

_REPLIES: Mapping[Language, Replies] = {Language.english: ENGLISH, Language.spanish: SPANISH}


def replies_to(question: str) -> Replies:
    """Returns the sentences in the language of the question."""
    return _REPLIES.get(language_of(question), ENGLISH)
