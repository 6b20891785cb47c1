"""A downloaded file's name is safe on every system, and still says what it holds."""

import re
from email.message import Message
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plccoach_api.rules.file_names import attachment, file_name

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("What is a PLC?", "What is a PLC.pdf"),
        ("../../etc/passwd", "etc passwd.pdf"),
        ('a<b>c:d"e/f\\g|h?i*j', "a b c d e f g h i j.pdf"),
        ("CON", "conversation CON.pdf"),
        ("nul.txt", "conversation nul.txt.pdf"),
        ("...", "conversation.pdf"),
        ("", "conversation.pdf"),
        ("\u202egnp.exe", "gnp.exe.pdf"),
        ("line\nbreak\ttab", "line break tab.pdf"),
        ("Was ist eine PLG? – Überblick", "Was ist eine PLG – Überblick.pdf"),
        ("四つの質問とは何ですか", "四つの質問とは何ですか.pdf"),
        ("👩‍🏫 teaches", "👩🏫 teaches.pdf"),
    ],
)
def test_a_title_becomes_a_name(title: str, name: str) -> None:
    assert file_name(title, "pdf") == name


@given(st.text(max_size=300))
def test_any_title_becomes_a_safe_name(title: str) -> None:
    name = file_name(title, "pdf")
    stem = name.removesuffix(".pdf")
    assert name.endswith(".pdf")
    assert stem
    assert len(name.encode()) <= 120
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f\x7f%]', name)
    assert not _RESERVED.match(stem)
    assert stem == stem.strip(" .~-")
    assert file_name(stem, "pdf") == name


@given(st.text(max_size=100))
def test_the_header_holds_the_name_in_utf_8_and_another_in_ascii(title: str) -> None:
    name = file_name(title, "md")
    header = attachment(name)
    assert header.isascii()
    assert header.isprintable()
    parsed = Message()
    parsed["Content-Disposition"] = header.partition("; filename*=")[0]
    plain = parsed.get_filename()
    assert plain
    assert plain.endswith(".md")
    assert unquote(header.rpartition("filename*=UTF-8''")[2]) == name
