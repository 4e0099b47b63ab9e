"""The trained models' machinery, with small made-up weights: pieces, windows, the encoder, what a reading says and what it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from claimcheck.checking import Checker
from claimcheck.documents import document_from_text
from claimcheck.errors import KnowledgeError
from claimcheck.framing import Framer
from claimcheck.kb import built_in_folder
from claimcheck.language import Language
from claimcheck.matching.agents import Agents
from claimcheck.matching.lexicon import NOTHING, Compiled
from claimcheck.matching.lines import LONGEST_WINDOW, Line, lines_of, windows
from claimcheck.matching.matcher import Matcher
from claimcheck.matching.proposer import READER_WEIGHT, TEMPERATURE, load_proposer, probability, save_proposer
from claimcheck.matching.reader import Reader
from claimcheck.matching.transformer import Array, Encoder
from claimcheck.matching.wordpieces import WordPieces
from claimcheck.model import BlockKind, Finding, Framing, KnowledgeBase, Leaning, Mention

VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "#", "-", "calm", "##er", "mice", "the", "a", "##b"]
WIDTH = 24


def some_arrays(outputs: int = 2, context: int = 1) -> dict[str, Array]:
    chance = np.random.default_rng(7)

    def numbers(*shape: int) -> Array:
        return chance.normal(scale=0.5, size=shape).astype(np.float32)

    layer = {
        "attend": numbers(WIDTH, 3 * WIDTH),
        "attend_bias": numbers(3 * WIDTH),
        "join": numbers(WIDTH, WIDTH),
        "join_bias": numbers(WIDTH),
        "join_norm": numbers(2, WIDTH),
        "widen": numbers(WIDTH, 2 * WIDTH),
        "widen_bias": numbers(2 * WIDTH),
        "narrow": numbers(2 * WIDTH, WIDTH),
        "narrow_bias": numbers(WIDTH),
        "narrow_norm": numbers(2, WIDTH),
    }
    return {
        "pieces": numbers(len(VOCABULARY), WIDTH),
        "places": numbers(200, WIDTH),
        "norm": numbers(2, WIDTH),
        **{f"0.{name}": array for name, array in layer.items()},
        "attend": numbers(WIDTH, outputs),
        "judge": numbers(outputs, WIDTH),
        "mean": numbers(WIDTH, outputs),
        "bias": numbers(outputs),
        "context": numbers(context, outputs),
        "framing_attend": numbers(WIDTH),
        "framing_mean": numbers(WIDTH, 5),
        "framing_judge": numbers(outputs, 5, WIDTH),
        "framing_bias": numbers(outputs, 5),
    }


def line(*words: str, kind: BlockKind = BlockKind.PARAGRAPH, block: int = 0, context: tuple[str, ...] = ()) -> Line:
    return Line(words, NOTHING, kind, block, (), (), context)


@pytest.mark.parametrize(
    ("word", "cut"),
    [("calmer", ["calm", "##er"]), ("ab", ["a", "##b"]), ("zebra", ["[UNK]"]), ("calm-mice", ["calm", "-", "mice"]), ("cálm", ["calm"])],
)
def test_words_are_cut_into_the_longest_known_pieces(word: str, cut: list[str]) -> None:
    assert [VOCABULARY[number] for number in WordPieces(VOCABULARY).of(word)] == cut


def test_an_endless_word_is_cut_off() -> None:
    assert len(WordPieces(VOCABULARY).of("ab" * 100_000)) < 100


def test_a_window_is_encoded_as_if_it_were_alone() -> None:
    encoder = Encoder(some_arrays())
    short, long = (2, 6, 7, 3), (2, 9, 8, 6, 3)
    together = list(encoder.vectors([short, long]))
    assert np.allclose(together[1], next(iter(encoder.vectors([long]))), atol=1e-4)
    assert not np.allclose(together[0][1], together[1][3], atol=1e-2)  # the same piece among others is another vector


def test_windows_hold_every_line_once_in_order_and_stay_short() -> None:
    lines = [line(*["calm"] * (5 + number % 7), block=number // 3) for number in range(60)]
    cut = list(windows(lines, WordPieces(VOCABULARY)))
    assert [one for group, _ in cut for one in group] == lines
    assert all(sum(len(owners) for owners in window.owners) <= LONGEST_WINDOW for _, window in cut)
    assert all(len(group) == len(window.starts) == len(window.owners) for group, window in cut)


def test_a_long_enough_window_ends_with_its_paragraph_but_a_list_stays_together() -> None:
    def groups(kind: BlockKind) -> list[int]:
        lines = [line(*["calm"] * 35), line(*["calm"] * 35), line(*["mice"] * 10, kind=kind, block=1)]
        return [len(group) for group, _ in windows(lines, WordPieces(VOCABULARY))]

    assert groups(BlockKind.PARAGRAPH) == [2, 1]
    assert groups(BlockKind.ITEM) == [3]


def test_pieces_know_their_words() -> None:
    pieces = WordPieces(VOCABULARY)
    (_, window), *_ = windows([line("the", "calmer", "mice", kind=BlockKind.ITEM)], pieces)
    assert window.owners == ((-1, 0, 1, 1, 2),)
    start = window.starts[0]
    assert [VOCABULARY[number] for number in window.pieces[start : start + 5]] == ["-", "the", "calm", "##er", "mice"]


def test_a_paragraph_is_read_without_what_stands_before_it(knowledge: KnowledgeBase) -> None:
    text = "Mice\n\nOne fine thing happened here. Then another thing happened.\n\nA third thing happened much later on."
    document = document_from_text(text, "text.txt")
    sentences = Language().sentences(document)
    hits = (NOTHING,) * len(sentences)
    lines = list(lines_of(document, sentences, hits, Agents(document, sentences, hits, knowledge), [()] * len(sentences)))
    assert [bool(one.before) for one in lines] == [False, False, True, False]
    assert all(one.heading == ("mice",) for one in lines[1:])


def test_the_context_moves_a_reading_and_the_words_are_named() -> None:
    arrays = some_arrays()
    reader = Reader(VOCABULARY, ["agent=sentence"], arrays)
    plain, told = reader.read([line("calmer", "mice"), line("calmer", "mice", context=("agent=sentence", "unknown"))], [True, True])
    assert plain is not None
    assert told is not None
    alone = Reader(VOCABULARY, ["agent=sentence"], arrays).read([line("calmer", "mice", context=("agent=sentence",))], [True])[0]
    bare = Reader(VOCABULARY, ["agent=sentence"], arrays).read([line("calmer", "mice")], [True])[0]
    assert alone is not None
    assert bare is not None
    assert np.allclose(alone.logits - bare.logits, arrays["context"][0], atol=1e-5)
    for reasons in bare.reasons.values():
        assert all(0 <= words.first < words.end <= 2 for words in reasons)


def test_a_window_without_a_wanted_line_is_not_read() -> None:
    reader = Reader(VOCABULARY, [], some_arrays())
    long = ["calm"] * 70
    readings = reader.read([line(*long), line(*long, block=1), line("mice", block=2)], [False, True, False])
    assert [reading is not None for reading in readings] == [False, True, False]


def test_saved_weights_come_back_nearly_the_same(tmp_path: Path, knowledge: KnowledgeBase) -> None:
    claims = list(knowledge.claims)[:2]
    head = {"claims": claims, "features": ["w=calm"], "context": ["agent=sentence"], "pieces": VOCABULARY}
    arrays = some_arrays() | {"trust": np.ones(5)}
    linear = {"weights": np.array([[2.0, -1.0]]), "bias": np.zeros(2)}
    save_proposer(tmp_path, head, linear, arrays)
    proposer = load_proposer(tmp_path, knowledge)
    assert proposer is not None
    one = line("calm", context=("agent=sentence",))
    opinion = proposer.opinions([one])[0]
    assert opinion is not None
    reading = Reader(VOCABULARY, ["agent=sentence"], arrays).read([one], [True])[0]
    assert reading is not None
    expected = probability((READER_WEIGHT * reading.logits + (1 - READER_WEIGHT) * np.array([2.0, -1.0])) / TEMPERATURE)
    assert [opinion.of(claim) for claim in claims] == pytest.approx(expected.tolist(), abs=0.02)


def test_a_claim_that_the_base_does_not_have_is_not_proposed(tmp_path: Path, knowledge: KnowledgeBase) -> None:
    head = {"claims": ["no-such-claim", "creativity"], "features": [], "context": ["agent=sentence"], "pieces": VOCABULARY}
    save_proposer(tmp_path, head, {"weights": np.zeros((1, 2)), "bias": np.full(2, 50.0)}, some_arrays() | {"trust": np.ones(5)})
    proposer = load_proposer(tmp_path, knowledge)
    assert proposer is not None
    opinion = proposer.opinions([line("calm", context=("agent=sentence",))])[0]
    assert opinion is not None
    assert opinion.above(0.9) == ["creativity"]


def test_broken_weights_are_a_clear_sentence(tmp_path: Path, knowledge: KnowledgeBase) -> None:
    assert load_proposer(tmp_path, knowledge) is None
    (tmp_path / "proposer").mkdir()
    (tmp_path / "proposer" / "names.json").write_text("{}", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"cannot be read .* remove the folder"):
        load_proposer(tmp_path, knowledge)


def framer_of(text: str, claim: str, knowledge: KnowledgeBase) -> tuple[Framer, Mention]:
    """A text's framer, and its one mention of a claim by the rules."""
    document = document_from_text(text, "text.txt")
    matched = Matcher(knowledge, Compiled.of(knowledge)).match(document, Language().sentences(document))
    (mention,) = [mention for mention in matched.mentions if mention.claim == claim]
    return Framer(matched, document.blocks, knowledge.cues), mention


def test_the_models_settle_a_framing_only_against_little_trust_in_the_rules(knowledge: KnowledgeBase) -> None:
    claim = knowledge.claims["creativity"]
    framer, mention = framer_of("Microdosing boosts creativity.", claim.id, knowledge)

    def framed(hedged: float, trust: float) -> Framing:
        logits = dict.fromkeys(Framing, 0.0) | {Framing.HEDGED: hedged}
        leaning = Leaning(logits, dict.fromkeys(Framing, trust))
        return framer.frame(replace(mention, leaning=leaning), claim).framing

    assert framed(hedged=1.0, trust=2.0) is Framing.ASSERTED
    assert framed(hedged=3.0, trust=2.0) is Framing.HEDGED


def test_what_is_supported_has_no_limit_to_name(knowledge: KnowledgeBase) -> None:
    claim = knowledge.claims["serotonin-receptor-action"]
    framer, mention = framer_of("LSD binds to serotonin receptors.", claim.id, knowledge)
    leaning = Leaning(dict.fromkeys(Framing, 0.0) | {Framing.SCOPED: 9.0, Framing.HEDGED: 1.0}, dict.fromkeys(Framing, 0.0))
    assert framer.frame(replace(mention, leaning=leaning), claim).framing is Framing.HEDGED


def test_who_reports_an_anecdotal_claim_is_its_limit_whatever_the_models_say(find: Callable[[str], dict[str, Finding]]) -> None:
    assert find("In a survey, users say microdosing boosts creativity.")["creativity"].framing is Framing.SCOPED
    assert find("Some people say microdosing boosts creativity.")["creativity"].framing is Framing.SCOPED


def test_a_text_about_other_things_is_not_read_at_all(knowledge: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_: Encoder, pieces: list[object]) -> Iterator[Array]:
        assert not pieces
        return iter(())

    monkeypatch.setattr(Encoder, "vectors", none)
    checker = Checker(knowledge, proposer=load_proposer(built_in_folder(), knowledge))
    report = checker.check(document_from_text("The bus was late. We walked along the river and talked about the garden.", "text.txt"))
    assert not report.findings


def test_the_quick_model_alone_names_its_words_and_leaves_the_framing_to_the_rules(tmp_path: Path, knowledge: KnowledgeBase) -> None:
    head = {"claims": ["creativity"], "features": ["w=calm", "w=mice"], "context": [], "pieces": VOCABULARY}
    save_proposer(tmp_path, head, {"weights": np.array([[-1.0], [9.0]]), "bias": np.zeros(1)}, {"trust": np.ones(5)})
    quick = load_proposer(tmp_path, knowledge, quick=True)
    assert quick is not None
    opinion = quick.opinions([line("calm", "mice", context=("agent=sentence",))])[0]
    assert opinion is not None
    assert opinion.of("creativity") == pytest.approx(1.0, abs=0.01)
    assert opinion.reasons("creativity") == ((1, 2),)
    assert opinion.framings("creativity") is None
