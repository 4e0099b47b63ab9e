"""Markdown: which lines make which block, and what of them is text."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimcheck.documents import document_from_text
from claimcheck.model import WORD_JOINER, Span


def blocks(text: str) -> list[tuple[str, str]]:
    document = document_from_text(text, "x.md")
    assert len(document.masked) == len(text)
    return [(block.kind.value, document.readable(Span(block.start, block.end))) for block in document.blocks]


def read(text: str) -> str:
    """The words of a Markdown text, blocks joined by bars."""
    return " | ".join(words for _, words in blocks(text))


def test_headings_of_both_kinds() -> None:
    text = "# One #\n\nTwo\n===\n\n### Three\nText of it, in a sentence.\n\nFour\n---\n"
    assert blocks(text) == [
        ("heading", "One"),
        ("heading", "Two"),
        ("heading", "Three"),
        ("paragraph", "Text of it, in a sentence."),
        ("heading", "Four"),
    ]


def test_a_sentence_above_a_rule_stays_a_paragraph() -> None:
    assert blocks("It was late, and they went home.\n---\nThe next day came.\n")[0] == ("paragraph", "It was late, and they went home.")


def test_hard_wrapped_paragraphs_are_one_block_however_narrow() -> None:
    text = "Psilocybin is said\nto calm the\namygdala, and\nthat is all.\n"
    assert blocks(text) == [("paragraph", "Psilocybin is said to calm the amygdala, and that is all.")]


def test_lists_nest_and_wrap() -> None:
    text = (
        "1. First item goes\n   on here\n\n   and has a second paragraph\n   - Inner one\n     * Innermost\n"
        "2) Other list\n- [x] Done\n+ Plus\n"
    )
    assert blocks(text) == [
        ("item", "First item goes on here"),
        ("item", "and has a second paragraph"),
        ("item", "Inner one"),
        ("item", "Innermost"),
        ("item", "Other list"),
        ("item", "Done"),
        ("item", "Plus"),
    ]


def test_quotes_lose_their_marks() -> None:
    text = "> A quote that\n> goes on\nlazily here.\n>\n> > Inner quote.\n>\n> - item in it\n"
    assert blocks(text) == [("paragraph", "A quote that goes on lazily here."), ("paragraph", "Inner quote."), ("item", "item in it")]


def test_each_cell_of_a_table_is_an_item() -> None:
    text = "| Drug | Effect |\n|:--|--:|\n| LSD | Lifts the mood \\| more |\n| Tea |\n"
    assert blocks(text) == [("item", word) for word in ("Drug", "Effect", "LSD", "Lifts the mood | more", "Tea")]


def test_repeated_cells_stand_at_their_own_places() -> None:
    text = "|a|b|\n|-|-|\n|x|x|\n|x|x|\n"
    starts = [block.start for block in document_from_text(text, "x.md").blocks]
    assert starts == [1, 3, 13, 15, 19, 21]


@pytest.mark.parametrize(
    "text",
    [
        "```python\nlsd()\n```",
        "~~~\nlsd\n~~~",
        "Words.\n\n    lsd indented",
        "- words\n\n      lsd in an item",
        "Words `lsd` here.",
        "Words ``lsd ` lsd`` here.",
        "Words `lsd\nlsd` here.",
        "```\nlsd never closed",
        "Words <!-- lsd --> here.",
        "<!-- lsd\n\nlsd -->",
        "[words](https://lsd.example/(lsd) 'lsd')",
        "[words](<lsd lsd>)",
        "[words][lsd]",
        "[lsd-1]: https://lsd.example 'lsd'\n\nWords.",
        "Words <https://lsd.example> https://lsd.example/x",
        "![lsd](lsd.png) words",
        "[![lsd](lsd.png)](lsd) words",
        "Words ~~lsd~~ here.",
        "# Words {#lsd}",
        '<div class="lsd">Words</div>',
        'Words <span title="lsd">here</span>.',
        "<script>\nlsd()\n</script>\n\nWords.",
        "Words <script>if (a<b) lsd('<script>')</script> here.",
        "Words <style media='x'>.lsd {}</style> here.",
        "Words <template>lsd</template> here <STYLE>lsd",
        "Words <span hidden>lsd <span>lsd</span>\nlsd</span> here.",
        "- Words <em style='display: none'>lsd *lsd*</em> here.",
        "+++\nslug = 'lsd'\n+++\nWords.",
        "---\nslug: lsd\ntags:\n  - lsd\n---\nWords.",
        "---\r\nslug: lsd\r\n---\r\nWords.",
        "Words.[^lsd]",
    ],
)
def test_what_is_no_text_is_not_read(text: str) -> None:
    masked = document_from_text(text, "x.md").masked
    assert "lsd" not in masked
    assert "words" in masked.lower() or "words" not in text.lower()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("psilo**cy**bin and *LSD*, **both**.", "psilocybin and LSD, both."),
        ("the [amygdala](x).", "the amygdala."),
        ("It doesn&rsquo;t, it didn\\'t.", "It doesn’t, it didn't."),
        ("snake_case 2 * 3 * 4 and 5-HT\\_2A.", "snake_case 2 * 3 * 4 and 5-HT2A."),
        ("H<sub>2</sub>O<br>is wet.", "H2O is wet."),
        ("a < b and b > c.", "a < b and b > c."),
    ],
)
def test_what_is_text_stays(text: str, words: str) -> None:
    assert read(text) == words


def test_footnotes_are_references_and_marks_glue_nothing() -> None:
    assert blocks("It grew.[^1] So did they.\n\n[^1]: Psilocybin calms the amygdala.\n[^2]: And more.\n") == [
        ("paragraph", "It grew. So did they."),
        ("reference", "[^1]: Psilocybin calms the amygdala."),
        ("reference", "[^2]: And more."),
    ]


def test_titles_in_front_matter_are_headings() -> None:
    text = '---\ntitle: "LSD lifts the mood"\ndate: 2024-01-02\ndescription: All about it\n---\nText of it.\n'
    assert blocks(text) == [("heading", "LSD lifts the mood"), ("heading", "All about it"), ("paragraph", "Text of it.")]
    assert blocks("+++\ntitle = 'LSD'\n+++\n\nText of it.\n")[0] == ("heading", "LSD")


@pytest.mark.parametrize("mark", [">", "|", ">-", "|2+", "> # a remark"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_titles_in_front_matter_may_be_folded(mark: str, end: str) -> None:
    text = f"---\ntitle: {mark}\n  Psilocybin resets\n\n  the brain\ntags:\n  - lsd\ndescription: Of mice\n---\nWords.\n".replace("\n", end)
    assert blocks(text) == [("heading", "Psilocybin resets the brain"), ("heading", "Of mice"), ("paragraph", "Words.")]


def test_what_stands_after_something_hidden_is_read() -> None:
    text = "One <span hidden>two</span> three <input hidden> four \\<style> five </b> six <br hidden/> seven <b data-x='hidden'>eight</b>."
    assert re.findall(r"\w+", read(text)) == ["One", "three", "four", "five", "six", "seven", "eight"]


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    assert read("---\nWe begin with a rule.\n\n---\nAnd end.\n") == "We begin with a rule. | And end."


def test_html_in_markdown_is_read_by_its_elements() -> None:
    text = (
        "<table>\n<tr><td>LSD</td><td>Lifts the <b>mood</b></td></tr>\n</table>\n\n<p align=center>Words of it.</p>\n\n"
        "<details>\n\nInside.\n\n</details>\n"
    )
    assert blocks(text) == [("item", "LSD"), ("item", "Lifts the mood"), ("paragraph", "Words of it."), ("paragraph", "Inside.")]


def test_what_authors_type_instead_of_markup() -> None:
    text = "**What it does**\nIt does many things to many people.\n• Better mood\n• More focus\n"
    assert blocks(text) == [
        ("heading", "What it does"),
        ("paragraph", "It does many things to many people."),
        ("item", "Better mood"),
        ("item", "More focus"),
    ]
    long = "This is a whole paragraph in one line, as word processors write it, and another one follows without a blank line between them."
    assert blocks(f"{long}\n{long}\n") == [("paragraph", long), ("paragraph", long)]


def test_an_example_of_a_comment_in_code_asks_for_nothing() -> None:
    wish = "<!-- claimcheck: ignore-file -->"
    text = f"Write `{wish}` like this:\n\n```\n{wish}\n```\n\n    {wish}\n"
    assert document_from_text(text, "x.md").suppressions == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- one\n- two <!-- claimcheck: ignore -->\n- three\n", "two"),
        ("# Head <!-- claimcheck: ignore -->\n\nText.\n", "Head"),
        ("> <!-- claimcheck: ignore -->\n> Quoted text.\n", "Quoted text."),
        ("|a|b|\n|-|-|\n|c|d <!-- claimcheck: ignore -->|\n|e|f|\n", "c d"),
        ("One.\n\n<!-- claimcheck: ignore -->\n\n- two\n- three\n", "two"),
        (
            "A long paragraph that\nis wrapped <!-- claimcheck: ignore --> in\nthree lines.\n",
            "A long paragraph that is wrapped in three lines.",
        ),
        ("<p>Html here. <!-- claimcheck: ignore --></p>\n\nText.\n", "Html here."),
    ],
)
def test_a_comment_holds_for_its_block(text: str, words: str) -> None:
    document = document_from_text(text, "x.md")
    (wish,) = document.suppressions
    assert document.readable(wish.span).replace("|", "").split() == words.split()


@given(st.text(alphabet="ab #-*\n\r[]()`>.!1|<&;:\\_~+=\t{}\u2028\0"))
def test_whatever_the_markup_offsets_hold(text: str) -> None:
    document = document_from_text(text, "x.md")
    assert len(document.masked) == len(text)
    at = 0
    for block in document.blocks:
        assert at <= block.start < block.end <= len(text)
        assert not document.masked[block.start].isspace()
        assert not document.masked[block.end - 1].isspace()
        at = block.end
    for sign, shown in zip(text, document.masked, strict=True):
        assert shown in (sign, WORD_JOINER) or shown.isspace() or sign == "&"


HOSTILE = {
    "brackets": "[" * 200_000,
    "links": "[a](" * 50_000,
    "backticks": "`a ``b " * 20_000,
    "quotes": ">" * 20_000 + " a",
    "lists": "- " * 5_000 + "a",
    "emphasis": "*a **b " * 20_000,
    "tags": "<a " * 100_000,
    "comments": "<!-- " * 100_000,
    "hidden": "a " + "<b hidden>" * 50_000,
    "hidden and shown": "a " + "<b hidden>a</b>" * 20_000,
    "tags without an end": "a " + "<aaaaaaaaaaaaa " * 50_000,
    "front matter": "---\n" + "a: b\n" * 10_000,
    "rows": "|a|b|\n|-|-|\n" + "|c|d|\n" * 3_000,
    "one line": "LSD lifts the mood. " * 50_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_markdown_is_read_in_no_time(text: str) -> None:
    start = time.process_time()
    document_from_text(text, "x.md")
    assert time.process_time() - start < 3
