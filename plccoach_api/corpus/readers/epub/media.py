"""Tells a picture, a film or another file without text from a text, whatever the EPUB declares it to be."""

# Pictures, films, sounds, fonts, archives and PDFs say what they are in their first bytes.
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
_SOUNDS_AND_FILMS = (b"RIFF", b"ID3", b"\xff\xfb", b"OggS", b"\x1aE\xdf\xa3")
_FONTS = (b"OTTO", b"\0\1\0\0", b"wOFF", b"wOF2")
_ARCHIVES_AND_PDFS = (b"PK\3\4", b"\x1f\x8b", b"%PDF")
_MEDIA = (*_PICTURES, *_SOUNDS_AND_FILMS, *_FONTS, *_ARCHIVES_AND_PDFS)
_FILM = b"ftyp"


def is_media(data: bytes) -> bool:
    return data.startswith(_MEDIA) or data[4:8] == _FILM
