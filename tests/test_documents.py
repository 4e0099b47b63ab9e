"""Reading: decoding, masking at equal length, blocks."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimcheck.documents import document_from_text, read_document
from claimcheck.errors import UnreadableError
from claimcheck.language import Language


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


@pytest.mark.parametrize("name", ["x.md", "x.txt", "x.html"])
@pytest.mark.parametrize("wish", ["ignore dmn-reset – a quote", "Ignore DMN-reset—a quote", "IGNORE dmn-reset --- a quote"])
def test_a_wish_may_be_written_with_any_dash_and_in_any_case(name: str, wish: str) -> None:
    assert suppressed(f"A paragraph. <!-- Claimcheck: {wish} -->", name) == [("A paragraph.", {"dmn-reset"}, "a quote")]


@pytest.mark.parametrize("name", ["x.md", "x.txt", "x.html"])
@pytest.mark.parametrize(
    "wish", ["ignre dmn-reset", "disable", "", "ignore: dmn-reset", "ignore dmn-reset (quote)", "ignore dmn-reset: quoted", "ignore-files"]
)
def test_a_wish_that_is_not_understood_is_said_to_be(name: str, wish: str) -> None:
    document = document_from_text(f"<p>A paragraph.</p>\n\n\n<!-- claimcheck: {wish} -->\n<p>Another.</p>\n", name)
    assert document.suppressions == ()
    (note,) = (note for note in document.notes if "main text" not in note)
    assert note.startswith(f"{name}, line 4: ")
    assert "write claimcheck: ignore CLAIM-ID -- reason" in note


def test_comments_that_only_speak_of_claimcheck_are_no_wishes() -> None:
    document = document_from_text("A paragraph. <!-- claimcheck is a tool --> <!-- run claimcheck: weekly -->", "x.html")
    assert (document.suppressions, document.notes) == ((), ())


HOSTILE = {
    "blanks before a closing": "<!-- claimcheck: ignore" + " " * 40_000 + "! -->\n\nA paragraph.",
    "unclosed": "<!-- claimcheck: " * 16_000,
    "unclosed and blanks": ("<!-- claimcheck:" + " " * 200) * 2_000,
    "wishes": "A paragraph. <!-- claimcheck: ignore -->\n\n" * 10_000,
    "wishes on one line": "A paragraph. <!-- claimcheck: ignore --> " * 10_000,
}


@pytest.mark.parametrize("name", ["x.md", "x.txt", "x.html"])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_comments_are_read_in_no_time(text: str, name: str) -> None:
    start = time.process_time()
    document_from_text(text, name)
    assert time.process_time() - start < 2


@pytest.mark.parametrize("mark", ["*", "'", "[", "_", "([", "$", "'s'"])
def test_endless_rows_of_marks_take_no_time_and_move_nothing(mark: str) -> None:
    said = "Psilocybin lifts the mood."
    document = document_from_text(f"{said} {mark * 2_000}{said} It does{mark * 2_000} {said}", "x.txt")
    start = time.process_time()
    sentences = Language().sentences(document)
    assert time.process_time() - start < 1.5
    words = [document.text[first:last] for sentence in sentences for first, last in zip(sentence.starts, sentence.ends, strict=True)]
    assert words.count("Psilocybin") == words.count("mood") == 3


def test_rows_of_marks_as_authors_type_them_are_read() -> None:
    (sentence,) = Language().sentences(document_from_text("It lifts the mood " + "-" * 50 + " of all.", "x.txt"))
    assert "—" in sentence.words
