"""The key of a finding: what may change in a text without making an old finding new."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimcheck.fingerprint import fingerprint

SENTENCE = 'Psilocybin doesn\'t "calm" the amygdala, at 3.5 mg: a full-dose effect.'


@pytest.mark.parametrize(
    "same",
    [
        SENTENCE.upper(),
        SENTENCE.replace(" ", "\n  "),
        "Psilocybin doesn’t “calm” the amygdala – at 3.5 mg; a full dose effect",
        SENTENCE.replace("amygdala", "amyg\u00addala").replace("mg", "\u200bmg"),
        "\ufeffＰsilocybin" + SENTENCE[len("Psilocybin") :],
        SENTENCE.replace(" mg", "\u00a0mg").replace(".", " .").replace("3 .5", "3.5"),
    ],
)
def test_typography_does_not_matter(same: str) -> None:
    assert fingerprint("amygdala-calming", same) == fingerprint("amygdala-calming", SENTENCE)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("doesn't", "does"),
        ("3.5", "35"),
        ("3.5 mg", "3.5%"),
        ("effect.", "effect?"),
        ("full", "small"),
        ("amygdala", "amygdalae"),
    ],
)
def test_words_numbers_and_questions_matter(before: str, after: str) -> None:
    assert fingerprint("amygdala-calming", SENTENCE.replace(before, after)) != fingerprint("amygdala-calming", SENTENCE)


def test_another_claim_in_the_same_sentence_has_another_key() -> None:
    assert fingerprint("creativity", SENTENCE) != fingerprint("mood-improvement", SENTENCE)


def test_the_key_is_the_same_in_every_version() -> None:
    """Baselines lie in users' repositories: a change of this value would make every old finding new."""
    assert fingerprint("dmn-reset", "Psilocybin resets the default mode network.") == "0fd3332051659c849616eb81e0c202c9"


@given(st.text(), st.text())
def test_any_text_has_a_key(claim: str, sentence: str) -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", fingerprint(claim.encode("utf-8", "replace").decode(), sentence))


@given(st.lists(st.sampled_from(["word", "Dose", "4", "ß", "Ⅳ", "\u0130", "e\u0301", "fi"]), min_size=1))
def test_the_blanks_and_case_between_words_never_matter(words: list[str]) -> None:
    assert fingerprint("a", " ".join(words)) == fingerprint("a", " \n\t".join(words) + " ")
