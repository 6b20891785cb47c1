"""The words of an EPUB's text: what is a paragraph, what is no word, and on which page it stands."""

from pathlib import Path

import pytest

from plccoach_api.corpus.book import PageStart
from tests.corpus.readers.epub_files import chapters, paragraphs, read_body


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # Notes
        ('<p>They agree.<a epub:type="noteref" href="#n1">1</a> They act.</p>', ["They agree. They act."]),
        ('<p>They agree.<sup><a href="#n1">12</a></sup> They act.</p>', ["They agree. They act."]),
        ('<p>They agree.<a href="#n1"><sup>12</sup></a> They act.</p>', ["They agree. They act."]),
        ('<p>They agree.<a href="#Footnote_1">[1]</a> They act.</p>', ["They agree. They act."]),
        ("<p>They agree<sup>12</sup> and act.</p>", ["They agree and act."]),
        ('<p>They agree<sup role="doc-noteref">*</sup>.</p>', ["They agree."]),
        ("<p>It is 10 km<sup>2</sup> large.</p>", ["It is 10 km2 large."]),
        ('<p>See <a href="#c3">chapter 3</a>.</p>', ["See chapter 3."]),
        ('<p>In <a href="https://example.org/x">2019</a> it began.</p>', ["In 2019 it began."]),
        (
            ('<aside epub:type="footnote"><p><a href="#r1">1</a> A note. '
            '<a role="doc-backlink" href="#r1">\u21a9</a></p></aside>'),
            ["A note."],
        ),
        (
            '<p>They agree <span epub:type="footnote">A note.</span>and act.</p>',
            ["They agree and act.", "A note."],
        ),
        # Text that is not shown, or is shown beside the other text
        ("<p>\u6f22<ruby>\u5b57<rt>ji</rt></ruby></p>", ["\u6f22\u5b57"]),
        ('<p>It is <math alttext="x = 2"><mi>x</mi><mo>=</mo><mn>2</mn></math>.</p>', ["It is x = 2."]),
        ("<p>It is <math><mi>x</mi><mo>=</mo><mn>2</mn></math>.</p>", ["It is x=2."]),
        ('<p>Shown.</p><p hidden="">Not.</p><p style="display: none">Nor this.</p>', ["Shown."]),
        ("<p>Shown.</p><video><p>No video.</p></video><script>x()</script>", ["Shown."]),
        ('<p><img alt="T" src="t.png"/>eams meet.</p>', ["Teams meet."]),
        ("<p>A<!-- comment -->B<?pi x?>C</p>", ["ABC"]),
        # Tables
        (
            "<table><caption>Norms</caption><tr><th>Team</th><th>Days</th></tr><tr><td>Blue</td><td>3</td></tr></table>",
            ["Norms", "| Team | Days |\n| Blue | 3 |"],
        ),
        (
            "<table><tr><td>Ticket</td><td>The team reads it before a meeting.</td></tr><tr><td>Log</td></tr></table>",
            ["| Ticket |", "The team reads it before a meeting.", "| Log |"],
        ),
        ("<table><tr><td><h2>A</h2><p>B.</p><p>C.</p></td><td>D.</td></tr></table>", ["### A", "B.", "C.", "D."]),
        ("<table><tr><td><table><tr><td>A</td><td>B</td></tr></table></td><td>C</td></tr></table>", ["| A B | C |"]),
        # Lists
        ("<ul><li><p>A.</p><p>B.</p></li><li>C.<ol start='3'><li>D.</li></ol></li></ul>", ["- A. B.\n- C.\n3. D."]),
        ("<ul><li>A.</li></ul><p>B.</p>", ["- A.", "B."]),
        ("<pre>a = 1\n  b = 2</pre>", ["a = 1\nb = 2"]),
        ("<p>One<br/>line</p>Bare words<p>End</p>", ["One line", "Bare words", "End"]),
        ("<figure><img alt='A chart'/><figcaption>Figure 1</figcaption></figure>", ["Figure 1"]),
        ('<p>A.</p><svg xmlns="http://www.w3.org/2000/svg"><title>t</title><text>Plan</text><text>Do</text></svg>',
         ["A.", "Plan; Do"]),
        # Entities, and markup that is not XML
        ("<p>a&nbsp;b &mdash; c &lt;d&gt; &unknown;</p>", ["a b \u2014 c <d> &unknown;"]),
        ("<p>One<p>Two <b>bold</i></p>", ["One", "Two bold"]),
        ("<title/><p>After an empty title.</p><a id='x'/>", ["After an empty title."]),
    ],
)  # fmt: skip
def test_the_paragraphs_of_a_text_are_the_words_that_a_person_reads(
    tmp_path: Path, body: str, expected: list[str]
) -> None:
    assert paragraphs(read_body(tmp_path, body)) == expected


def test_whatever_is_left_out_is_said_and_only_a_loss_lowers_the_share(tmp_path: Path) -> None:
    body = (
        "<p>Words<sup>12</sup> are kept.</p><p hidden=''>hidden</p><nav><a href='#a'>Contents</a></nav>"
        '<span class="pagenum">[7]</span><video>No video</video><p>end</p>'
    )
    book = read_body(tmp_path, body)
    assert {(each.reason, each.characters, each.is_lost) for each in book.left_out} == {
        ("note numbers", 2, False),
        ("hidden text", 6, False),
        ("list of contents", 8, False),
        ("page marks", 3, False),
        ("substitutes for media", 7, False),
    }
    assert book.share == 1


@pytest.mark.parametrize(
    "mark",
    [
        '<span epub:type="pagebreak" title="12"/>',
        '<span epub:type="pagebreak">12</span>',
        '<a role="doc-pagebreak" aria-label=" page 12. " id="p">[12]</a>',
        '<a epub:type="pagebreak" id="page_12"/>',
        '<a epub:type="pagebreak" id="c02p12"/>',
        '<span class="x-ebookmaker-pageno" title="12">[Pg 12]</span>',
        '<span class="pagenum">12</span>',
        '<a id="page_12"></a>',
        '<span id="page12"/>',
        '<a name="Page_12" id="Page_12">[12]</a>',
        '<span class="pagebreak" id="pg12"></span>',
        '<span epub:type="pagebreak" title="12" hidden="hidden">12</span>',
    ],
)
def test_a_page_mark_is_no_word_and_its_page_begins_at_its_offset(tmp_path: Path, mark: str) -> None:
    book = read_body(
        tmp_path, f"<p>Teams meet {mark}every week.</p><p>They agree.{mark.replace('12', '13')}</p><p>So.</p>"
    )
    first, second, third = book.chapters[0].paragraphs
    assert (first.text, first.page_starts) == ("Teams meet every week.", (PageStart(11, 12),))
    assert (second.text, second.page_starts) == ("They agree.", (PageStart(0, 12),))
    assert third.page_starts == (PageStart(0, 13),)


def test_a_word_that_a_page_mark_divides_stays_one_word(tmp_path: Path) -> None:
    book = read_body(tmp_path, '<p>collab<span epub:type="pagebreak" title="3"/>oration</p>')
    assert paragraphs(book) == ["collaboration"]


def test_pages_in_lists_tables_and_headings_keep_their_offsets(tmp_path: Path) -> None:
    turn = '<span epub:type="pagebreak" title="{}"/>'
    book = read_body(
        tmp_path,
        f"{turn.format(1)}<ul><li>One {turn.format(2)}two.</li><li>Three.</li></ul>"
        f"<table><tr><td>a</td><td>b{turn.format(3)}</td></tr><tr><td>c</td><td>d</td></tr></table>"
        f"<h3>Head {turn.format(4)}ing</h3><p>x</p>",
    )
    listed, table, heading, last = book.chapters[0].paragraphs
    assert (listed.text, listed.page_starts) == ("- One two.\n- Three.", (PageStart(0, 1), PageStart(6, 2)))
    assert (table.text, table.page_starts) == ("| a | b |\n| c | d |", (PageStart(0, 2), PageStart(10, 3)))
    assert (heading.text, heading.page_starts) == ("### Head ing", (PageStart(0, 3), PageStart(9, 4)))
    assert last.page_starts == (PageStart(0, 4),)


def test_text_after_a_page_with_a_roman_number_stands_on_no_known_page(tmp_path: Path) -> None:
    book = read_body(
        tmp_path,
        '<p>A.</p><span epub:type="pagebreak" title="xiv"/><p>B.</p><a epub:type="pagebreak" title="1"/><p>C.</p>',
    )
    assert [each.first_page for each in book.chapters[0].paragraphs] == [None, None, 1]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ('<?xml version="1.0" encoding="gb2312"?><p>\u56e2\u961f</p>'.encode("gb18030"), "\u56e2\u961f"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?><p>caf\u00e9 \u2019</p>'.encode("cp1252"), "caf\u00e9 \u2019"),
        ('<html><head><meta charset="shift_jis"/></head><p>\u6f22\u5b57</p></html>'.encode("cp932"), "\u6f22\u5b57"),
        ('<meta content="text/html; charset=windows-1251"><p>\u0434\u0430'.encode("cp1251"), "\u0434\u0430"),
        ("<p>caf\u00e9</p>".encode("utf-16"), "caf\u00e9"),
        ('<?xml version="1.0" encoding="UTF-16BE"?><p>caf\u00e9</p>'.encode("utf-16-be"), "caf\u00e9"),
        ('<?xml version="1.0" encoding="x-sjis"?><p>\u6f22\u5b57</p>'.encode("cp932"), "\u6f22\u5b57"),
        ('<?xml version="1.0" encoding="gb18030"?><p>\u56e2\u3400</p>'.encode("gb18030"), "\u56e2\u3400"),
        ('<?xml version="1.0" encoding="windows-1252"?><p>\u201ccaf\u00e9\u201d</p>'.encode("cp1252"),
         "\u201ccaf\u00e9\u201d"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?><p>caf\u00e9 \u201d</p>'.encode(), "caf\u00e9 \u201d"),
        ('<?xml version="1.0" encoding="UTF-8"?><p>caf\u00e9 \u00e0</p>'.encode("cp1252"), "caf\u00e9 \u00e0"),
        ("<p>caf\u00e9</p>".encode("utf-32"), "caf\u00e9"),
        (b"<html><p>A\x00 NUL\x0b by mistake is no\x07 word of a text that goes on like any other text.</p></html>",
         "A NUL by mistake is no word of a text that goes on like any other text."),
        (b"<html><p><![CDATA[1 < 2 & so]]> on &unknown;.</p></html>", "1 < 2 & so on &unknown;."),
        ('<?xml version="1.0" encoding="UTF-16"?><p>caf\u00e9</p>'.encode("utf-16-le"), "caf\u00e9"),
        ('<?xml version="1.0" encoding="UTF-16"?><p>caf\u00e9</p>'.encode(), "caf\u00e9"),
        ('<?xml version="1.0" encoding="x-mac-other"?><p>caf\u00e9</p>'.encode(), "caf\u00e9"),
        ('\ufeff\ufeff<?xml version="1.0"?><p>caf\u00e9</p>'.encode(), "caf\u00e9"),
        ("<p>caf\u00e9</p>".encode("cp1252"), "caf\u00e9"),
        ('<?xml version="1.0" encoding="no-such"?><p>caf\u00e9</p>'.encode(), "caf\u00e9"),
        ('<?xml version="1.0" encoding="idna"?><p>caf\u00e9</p>'.encode(), "caf\u00e9"),
    ],
)  # fmt: skip
def test_a_text_is_decoded_by_its_byte_order_mark_or_its_declared_encoding(
    tmp_path: Path, data: bytes, expected: str
) -> None:
    assert paragraphs(read_body(tmp_path, data)) == [expected]


def test_bytes_that_are_not_of_the_declared_encoding_are_lost_and_said(tmp_path: Path) -> None:
    book = read_body(tmp_path, b'<?xml version="1.0" encoding="utf-8"?><p>caf\x81 and more</p>')
    assert [each.characters for each in book.left_out if each.is_lost] == [1]
    assert 0.9 < book.share < 1


def test_text_without_chapters_is_one_chapter_without_a_title(tmp_path: Path) -> None:
    assert chapters(read_body(tmp_path, "<p>Words.</p>")) == [(None, "")]


@pytest.mark.parametrize("mark", ["<script>", "<style type='x'>", "<title>", "<!--", "<noscript>", "<video>", "<nav>"])
def test_markup_without_an_end_takes_nothing_of_the_rest(tmp_path: Path, mark: str) -> None:
    book = read_body(tmp_path, f"<p>First.</p><script>x()</script><!-- c -->{mark}<p>The rest.</p><p>The end.</p>")
    assert paragraphs(book) == ["First.", "The rest.", "The end."]
