"""An EPUB's metadata and its names of files, as publishers write them."""

import zipfile
from pathlib import Path

import pytest

from plccoach_api.corpus.book import Book, UnreadableBook
from plccoach_api.corpus.readers.read import read
from tests.corpus.readers.epub_files import CONTAINER, TITLE, paragraphs, write_epub

TEXT = {"one.xhtml": "<p>One.</p>"}


def read_with(tmp_path: Path, metadata: str) -> Book:
    return read(write_epub(tmp_path / "book.epub", TEXT, metadata=metadata))


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        ("<dc:title>Teams</dc:title><dc:title>A Guide</dc:title>", "Teams"),
        (
            ('<dc:title id="s">Series</dc:title><dc:title>Teams</dc:title>'
            '<meta refines="#s" property="title-type">collection</meta>'),
            "Teams",
        ),
        (
            ('<dc:title id="a">A Guide</dc:title><dc:title id="b">Teams</dc:title>'
            '<meta refines="#a" property="display-seq">2</meta><meta refines="#b" property="display-seq">1</meta>'),
            "Teams",
        ),
        ("<dc-metadata><dc:Title> Teams\n and Norms</dc:Title></dc-metadata>", "Teams and Norms"),
    ],
)  # fmt: skip
def test_the_title_is_the_main_title(tmp_path: Path, titles: str, expected: str) -> None:
    assert read_with(tmp_path, titles).title == expected


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ('<dc:creator role="aut">Ada</dc:creator><dc:creator role="ill">Bo</dc:creator>', ("Ada",)),
        ('<dc:creator>Ada</dc:creator><dc:contributor role="aut">Bo</dc:contributor>', ("Ada", "Bo")),
        ('<dc:creator role="edt">Ada</dc:creator><dc:contributor role="ill">Bo</dc:contributor>', ("Ada",)),
        ('<dc:creator role="trl">Ada</dc:creator>', ("Ada",)),
        ("<dc:creator>Example, Pat; Sample, Robin</dc:creator>", ("Example, Pat", "Sample, Robin")),
        (
            ('<dc:creator id="a">Ada</dc:creator><meta refines="#a" property="role">ill</meta>'
            '<meta refines="#a" property="role">aut</meta><dc:contributor role="ill">Bo</dc:contributor>'),
            ("Ada",),
        ),
        ("<dc:creator>Ada</dc:creator><dc:creator>Ada</dc:creator>", ("Ada",)),
        ('<dc:creator role="Illustrator">Bo</dc:creator><dc:creator role="Author">Ada</dc:creator>', ("Ada",)),
        (
            ('<dc:creator id="a">Bo</dc:creator><meta refines="#a" property="role">http://id.loc.gov/vocabulary/'
            'relators/trl</meta><dc:creator id="b">Ada</dc:creator><meta refines="#b" property="role">http://id.loc.gov'
            '/vocabulary/relators/aut</meta>'),
            ("Ada",),
        ),
    ],
)  # fmt: skip
def test_the_authors_are_the_people_with_the_role_of_an_author(
    tmp_path: Path, people: str, expected: tuple[str, ...]
) -> None:
    assert read_with(tmp_path, TITLE + people).authors == expected


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ("<dc:date>2021-04-01</dc:date>", 2021),
        ("<dc:date>April 1, 2021</dc:date>", 2021),
        ('<dc:date event="modification">2023</dc:date><dc:date event="publication">2008-05</dc:date>', 2008),
        ('<meta property="dcterms:modified">2023-01-01T00:00:00Z</meta>', None),
        ('<dc:date event="conversion">2023</dc:date><meta property="dcterms:issued">2008</meta>', 2008),
        ("<dc:date>0101-01-01T00:00:00+00:00</dc:date>", None),
    ],
)
def test_the_year_is_that_of_the_publication(tmp_path: Path, dates: str, expected: int | None) -> None:
    assert read_with(tmp_path, TITLE + dates).year == expected


def test_a_place_among_the_titles_that_is_no_number_of_few_digits_is_none(tmp_path: Path) -> None:
    places = f'<meta refines="#a" property="display-seq">{"1" * 5000}</meta>'
    titles = f'<dc:title id="a">A Guide</dc:title>{places}<dc:title id="b">Teams</dc:title>'
    book = read_with(tmp_path, titles + '<meta refines="#b" property="display-seq">2</meta>')
    assert book.title == "Teams"


def test_the_edition_is_read_from_the_metadata(tmp_path: Path) -> None:
    assert read_with(tmp_path, TITLE).edition is None
    assert read_with(tmp_path, TITLE + '<meta property="schema:bookEdition">2nd</meta>').edition == "2nd"
    edition = '<dc:title id="e">Third Edition</dc:title><meta refines="#e" property="title-type">edition</meta>'
    book = read_with(tmp_path, TITLE + edition)
    assert (book.title, book.edition) == ("Teams", "Third Edition")


@pytest.mark.parametrize(
    ("href", "member"),
    [
        ("caf\u00e9.xhtml", "O/cafe\u0301.xhtml"),
        ("cafe\u0301.xhtml", "O/caf\u00e9.xhtml"),
        ("caf%C3%A9.xhtml", "O/caf\u00e9.xhtml"),
        ("caf%E9.xhtml", "O/caf\u00e9.xhtml"),
        ("cafe%CC%81.xhtml", "O/caf\u00e9.xhtml"),
        ("caf%25C3%25A9.xhtml", "O/caf%C3%A9.xhtml"),
        ("a b.xhtml", "O/a%20b.xhtml"),
        ("/O/one.xhtml", "O/one.xhtml"),
        ("../../O/one.xhtml", "O/one.xhtml"),
        ("ONE.xhtml", "O/one.XHTML"),
        ("text\\one.xhtml", "O/text/one.xhtml"),
        ("one.xhtml?x=1", "O/one.xhtml"),
    ],
)
def test_a_text_is_found_although_its_name_is_spelled_otherwise(tmp_path: Path, href: str, member: str) -> None:
    package = (
        f"<package xmlns:dc='http://purl.org/dc/elements/1.1/'><metadata>{TITLE}</metadata><manifest><item id='a' "
        f"href='{href}' media-type='application/xhtml+xml'/></manifest><spine><itemref idref='a'/></spine></package>"
    )
    with zipfile.ZipFile(tmp_path / "book.epub", "w") as archive:
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.writestr("O/b.opf", package)
        archive.writestr(member, "<p>Found.</p>")
    assert paragraphs(read(tmp_path / "book.epub")) == ["Found."]


def encryption(algorithm: str, name: str) -> dict[str, str | bytes]:
    return {
        "META-INF/encryption.xml": '<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptedData>'
        f'<e:EncryptionMethod Algorithm="{algorithm}"/><e:CipherData><e:CipherReference URI="{name}"/>'
        "</e:CipherData></e:EncryptedData></encryption>"
    }


@pytest.mark.parametrize("name", ["O/fonts/1.dfont", "O/fonts/strange", "O/picture.png", "O/absent.xhtml"])
def test_an_epub_whose_text_is_not_encrypted_is_read(tmp_path: Path, name: str) -> None:
    files = encryption("http://www.w3.org/2001/04/xmlenc#aes256-cbc", name)
    assert paragraphs(read(write_epub(tmp_path / "book.epub", TEXT, files=files))) == ["One."]


def test_an_epub_whose_text_is_encrypted_is_refused_with_the_reason(tmp_path: Path) -> None:
    files = encryption("http://www.w3.org/2001/04/xmlenc#aes256-cbc", "O/one.xhtml")
    with pytest.raises(UnreadableBook, match="encrypted"):
        read(write_epub(tmp_path / "book.epub", TEXT, files=files))


def test_a_picture_that_is_declared_to_be_a_text_harms_no_other(tmp_path: Path) -> None:
    texts: dict[str, str | bytes] = {
        "cover.xhtml": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR<p>" + bytes(range(256)) * 99,
        **TEXT,
    }
    book = read(write_epub(tmp_path / "book.epub", texts))
    assert paragraphs(book) == ["One."]
    assert [(each.reason, each.is_lost) for each in book.left_out] == [
        ("1 pictures or other files that are declared to be texts", False)
    ]


@pytest.mark.parametrize("start", [b"\xff\xd8\xff\xe0<", b"GIF89a<", b"%PDF-1.4 <p>words</p>", b"\0\0\0\x18ftypmp42<"])
def test_media_in_the_reading_order_cost_no_share(tmp_path: Path, start: bytes) -> None:
    book = read(write_epub(tmp_path / "book.epub", {"media.xhtml": start + bytes(range(256)) * 99, **TEXT}))
    assert (paragraphs(book), book.share) == (["One."], 1)
