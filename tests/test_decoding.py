"""From bytes to text."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimcheck.documents import document_from_bytes
from claimcheck.documents.decoding import decode, decode_html
from claimcheck.errors import UnreadableError

TEXT = "In the café they said: “It doesn’t hurt” – 20 µg.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings_that_drafts_come_in(encoding: str) -> None:
    assert decode(TEXT.encode(encoding), "x.txt") == TEXT


def test_the_other_byte_order() -> None:
    assert decode(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "x.txt") == TEXT
    assert decode(codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), "x.txt") == TEXT


@given(st.text(), st.sampled_from(["utf-8", "utf-8-sig"]))
def test_utf8_is_read_as_it_is_written(text: str, encoding: str) -> None:
    letters = "".join(sign for sign in text if sign.isprintable()) or "a"
    if encoding == "utf-8":
        letters = letters.lstrip("\ufeff") or "a"
    assert decode(letters.encode(encoding), "x.txt") == letters


def test_a_file_that_mixes_encodings_is_read_piece_by_piece() -> None:
    assert decode("café – ".encode() + "naïve “quote”".encode("cp1252"), "x.txt") == "café – naïve “quote”"
    assert decode(codecs.BOM_UTF8 + b"caf\xe9", "x.txt") == "café"


def test_null_bytes_in_a_text_do_not_make_it_a_binary_file() -> None:
    assert decode(TEXT.encode() * 4 + b"\0", "x.txt") == TEXT * 4 + "\0"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x89PNG\x00\x00", "x.txt is a binary file, not text; claimcheck goes by the end of the name and reads .txt, .*, .docx, .pdf"),
        (bytes(range(256)) * 20, "x.txt is a binary file"),
        (b"\x01\x00\x02\x00\x03\x00\x04\x00", "x.txt is a binary file"),
        (b"neither \x81 nor", r"x.txt is neither UTF-8, UTF-16 nor Windows-1252 text \(byte 8\); save its text as UTF-8"),
        ("café ".encode() + b"\x90", r"\(byte 6\)"),
        (codecs.BOM_UTF16_LE + b"a\x00b", "x.txt starts as utf-16-le text but breaks off at byte 2"),
        (codecs.BOM_UTF16_LE + b"a\x00\x00\xd8b\x00", "breaks off at byte 2"),
    ],
)
def test_what_is_no_text_is_said_in_a_sentence(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableError, match=message):
        decode(data, "x.txt")


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="windows-1251">', "cp1251"),
        ("<META http-equiv=Content-Type content='text/html; charset=koi8-r'>", "koi8-r"),
        ('<?xml version="1.0" encoding="iso-8859-2"?>', "iso-8859-2"),
        ("<meta charset=iso-8859-1>", "cp1252"),
        ("<meta charset=shift_jis>", "shift_jis"),
    ],
)
def test_a_page_is_read_in_the_encoding_that_it_declares(head: str, encoding: str) -> None:
    text = {"cp1251": "гриб", "koi8-r": "гриб", "iso-8859-2": "łąka", "cp1252": "“naïve”", "shift_jis": "きのこ"}[encoding]
    page = f"{head}<p>{text} LSD lifts the mood.</p>"
    document = document_from_bytes(page.encode(encoding), "x.html")
    assert document.text == page
    assert text in document.masked


@pytest.mark.parametrize("label", ["utf-8", "utf-16", "windows-1252", "no-such-thing", "rot13", "unicode_escape", ""])
def test_a_wrong_declaration_does_no_harm(label: str) -> None:
    page = f'<meta charset="{label}"><p>{TEXT}\\x41</p>'
    assert decode_html(page.encode(), "x.html") == page
    assert decode_html(page.encode("utf-16"), "x.html") == page


def test_a_page_that_breaks_its_declaration_is_read_all_the_same() -> None:
    assert decode_html(b"<meta charset=shift_jis><p>caf\xe9 \xff</p>", "x.html").endswith("<p>café ÿ</p>")
    with pytest.raises(UnreadableError, match=r"x\.html is a binary file"):
        decode_html(bytes(range(256)) * 20, "x.html")
