"""A paragraph keeps the place of each page when its text changes."""

from plccoach_api.corpus.book import PageStart, Paragraph


def test_text_before_a_paragraph_moves_all_pages_but_the_one_on_which_it_begins() -> None:
    paragraph = Paragraph("Teams agree.", (PageStart(0, 3), PageStart(6, 4)))
    assert paragraph.prefixed("### ") == Paragraph("### Teams agree.", (PageStart(0, 3), PageStart(10, 4)))
    assert Paragraph("Teams agree.", (PageStart(6, 4),)).prefixed("- ").page_starts == (PageStart(8, 4),)


def test_a_paragraph_without_the_white_space_around_it_keeps_its_pages() -> None:
    paragraph = Paragraph(" \nTeams agree.\t", (PageStart(0, 3), PageStart(8, 4), PageStart(15, 5)))
    assert paragraph.stripped() == Paragraph("Teams agree.", (PageStart(0, 3), PageStart(6, 4)))
    assert Paragraph(" \n", (PageStart(0, 3),)).stripped().text == ""
