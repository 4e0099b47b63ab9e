"""The pattern language: inflection, spelling, syntax."""

from __future__ import annotations

import pytest

from claimcheck.patterns.inflect import adjective_forms, noun_forms, verb_forms
from claimcheck.patterns.syntax import Choice, Gap, Number, PatternError, Ref, parse, references, split_word, words_of
from claimcheck.patterns.words import normalise


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("reduce", {"reduce", "reduces", "reducing", "reduced"}),
        ("stop", {"stop", "stops", "stopping", "stopped"}),
        ("carry", {"carry", "carries", "carrying", "carried"}),
        ("open", {"open", "opens", "opening", "opened"}),
        ("rewire", {"rewire", "rewires", "rewiring", "rewired"}),
        ("take", {"take", "takes", "taking", "took", "taken"}),
        ("label", {"label", "labels", "labelling", "labelled", "labeling", "labeled"}),
        ("die", {"die", "dies", "dying", "died"}),
    ],
)
def test_verb_forms(verb: str, forms: set[str]) -> None:
    assert set(verb_forms(verb)) == forms


def test_nouns_and_adjectives() -> None:
    assert noun_forms("memory") == ("memory", "memories")
    assert noun_forms("mouse") == ("mouse", "mice")
    assert adjective_forms("calm") == ("calm", "calmer", "calmest")
    assert adjective_forms("sad") == ("sad", "sadder", "saddest")
    assert adjective_forms("happy") == ("happy", "happier", "happiest")


@pytest.mark.parametrize(
    ("british", "american"), [("behaviour", "behavior"), ("Centre", "center"), ("stabilises", "stabilizes"), ("favourable", "favorable")]
)
def test_spelling_meets_in_one_form(british: str, american: str) -> None:
    assert normalise(british) == normalise(american)


def test_short_words_keep_their_shape() -> None:
    assert [normalise(word) for word in ("our", "four", "wise", "rise")] == ["our", "four", "wise", "rise"]


def test_words_are_cut_as_the_tokenizer_cuts_text() -> None:
    assert split_word("don't") == ("do", "n't")
    assert split_word("brain’s") == ("brain", "'s")
    assert split_word("default-mode") == ("default", "mode")


def test_alternatives_and_options() -> None:
    assert parse("turn (down|off) [the] alarm") == ("turn", Choice((("down",), ("off",))), Choice((("the",), ())), "alarm")
    assert set(words_of(parse("soothe/v (the|a) mind"))) == {"soothe", "soothes", "soothing", "soothed", "the", "a", "mind"}


def test_gaps_references_and_numbers() -> None:
    assert parse("calm ..5 <amygdala>") == ("calm", Gap(5), Ref("amygdala"))
    assert parse("# mg") == (Number(), "mg")
    assert references("<dmn> .. (quiet|<calm>)") == {"dmn", "calm"}


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("turn (down", "missing ')'"),
        ("turn) down", "unexpected"),
        ("..3 down", "gap"),
        ("down ..", "gap"),
        ("[maybe]", "nothing"),
        ("reduce/x", "/x"),
        ("a < b", "<id>"),
        ("down [..2] [the]", "gap"),
        ("(calm|soothe)/v", "inside"),
        ("calm ..40 down", "at most 20"),
    ],
)
def test_bad_patterns_say_what_is_wrong(pattern: str, fault: str) -> None:
    with pytest.raises(PatternError, match=fault.replace(")", r"\)").replace("(", r"\(")):
        parse(pattern)
