"""Reading: decoding, masking at equal length, blocks."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimcheck.documents import document_from_text, read_document
from claimcheck.errors import UnreadableError


@given(st.text())
def test_masking_keeps_length_and_lines(text: str) -> None:
    for name in ("x.txt", "x.md"):
        masked = document_from_text(text, name).masked
        assert len(masked) == len(text)
        assert [index for index, char in enumerate(text) if char == "\n"] == [index for index, char in enumerate(masked) if char == "\n"]


def blocks(text: str, name: str = "x.txt") -> list[tuple[str, str]]:
    document = document_from_text(text, name)
    return [(block.kind.value, document.masked[block.start : block.end]) for block in document.blocks]


def test_headings_items_and_paragraphs() -> None:
    text = "What it does\n\nPeople say many things about it, and some of them are true.\n\n- Better mood\n- More focus\n"
    assert blocks(text) == [
        ("heading", "What it does"),
        ("paragraph", "People say many things about it, and some of them are true."),
        ("item", "Better mood"),
        ("item", "More focus"),
    ]


def test_a_hard_wrapped_paragraph_is_one_block() -> None:
    text = "Psilocybin is converted into psilocin in the body, and that is the\nsubstance which acts on the brain.\n"
    assert [kind for kind, _ in blocks(text)] == ["paragraph"]


def test_reference_lists_are_reference_blocks() -> None:
    text = "It works.\n\nReferences\n\n1. Doe J. Microdosing relieves depression. J Test. 2020;1:2.\n2. Roe R. A title. 2021.\n"
    assert [kind for kind, _ in blocks(text)] == ["paragraph", "heading", "reference", "reference"]


def test_footnote_marks_do_not_glue_sentences() -> None:
    masked = document_from_text("It grew.[^1] So did they.[12] Done.", "x.txt").masked
    assert masked == "It grew.     So did they.     Done."


def test_missing_files_and_folders_say_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="no such file"):
        read_document(tmp_path / "none.txt")
    with pytest.raises(UnreadableError, match="is a folder"):
        read_document(tmp_path)


def suppressed(text: str, name: str = "x.md") -> list[tuple[str, set[str], str]]:
    document = document_from_text(text, name)
    return [(document.readable(wish.span), set(wish.claims), wish.reason) for wish in document.suppressions]


@pytest.mark.parametrize("name", ["x.md", "x.txt"])
def test_a_comment_asks_to_ignore_its_own_or_the_next_paragraph(name: str) -> None:
    text = (
        "A first paragraph that is long enough to be one.\n\n"
        "<!-- claimcheck: ignore dmn-reset, creativity -- quoted to refute it -->\nA second paragraph that says something else.\n\n"
        "A third one, with the wish in it. <!-- claimcheck: ignore -->\n\nA fourth paragraph.\n"
    )
    assert suppressed(text, name) == [
        ("A second paragraph that says something else.", {"dmn-reset", "creativity"}, "quoted to refute it"),
        ("A third one, with the wish in it.", set(), ""),
    ]
    assert "claimcheck" not in document_from_text(text, name).masked


def test_a_comment_can_speak_for_the_whole_file() -> None:
    text = "A paragraph.\n\n<!-- claimcheck: ignore-file addiction -->\n"
    assert suppressed(text) == [("A paragraph.", {"addiction"}, "")]
