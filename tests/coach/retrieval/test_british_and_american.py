"""A word is searched for in the spelling of the corpus, British or American."""

from pathlib import Path

from plccoach_api.coach.retrieval.wording import find_wording
from plccoach_api.embedding.local import LOCAL
from tests.books import ingest_trusted
from tests.conftest import opened


async def test_a_word_that_no_passage_has_gets_the_other_spelling(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "foals.md").write_text(
        "# Foals\n\nMares organise the immunisation of foals, whose color fades. It is like a color of the immune sun."
    )
    await ingest_trusted(database_url, [tmp_path / "foals.md"], LOCAL)
    async with opened(database_url) as database:
        question = "How do mares organize the immunization, and which colour or color fades?"
        wording = await find_wording(database, question)
        assert wording.of(question) == "How do mares organise the immunisation, and which color or color fades?"
        # Both spellings are of the corpus, or none is.
        for right in ("Do mares organise an immunisation?", "Do cats analyze?"):
            assert (await find_wording(database, right)).of(right) == right
