"""Makes citations whose quotes are cut from the passage itself."""

from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.citations import Citation
from plccoach_api.rules.sentences import Span


def cite(passage: Passage, span: Span, index: int) -> Citation:
    pages = None
    if passage.first_page is not None and passage.last_page is not None:
        pages = (passage.first_page, passage.last_page)
    return Citation(
        index=index,
        chunk_id=passage.chunk_id,
        book_title=passage.book_title,
        authors=passage.authors,
        chapter=passage.chapter,
        chapter_title=passage.chapter_title,
        pages=pages,
        quote=span.of(passage.content),
        product_url=passage.product_url,
    )
