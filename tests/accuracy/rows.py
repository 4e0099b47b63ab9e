"""Annotated texts as rows to learn from: each sentence exactly as the matcher hands it to the models, with what it carries."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from claimcheck.documents import document_from_text
from claimcheck.evaluation import read_gold
from claimcheck.framing import Framer
from claimcheck.language import Language
from claimcheck.matching.agents import Agents
from claimcheck.matching.lexicon import Compiled
from claimcheck.matching.lines import Line, lines_of
from claimcheck.matching.matcher import Matcher
from claimcheck.matching.proposer import UNASSESSED
from claimcheck.model import Framing, KnowledgeBase, Mention


@dataclass(frozen=True, slots=True)
class Row:
    """A line with what it carries.

    `known` are the outputs that the annotation decides; `framings` all that count as right, `ruled` the rules' verdicts.
    """

    line: Line
    claims: frozenset[str]
    known: frozenset[str]
    framings: dict[str, frozenset[Framing]]
    ruled: dict[str, Framing]


class Annotator:
    """Texts to rows, exactly as the matcher sees them."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self.knowledge = knowledge
        self._language = Language()
        self._matcher = Matcher(knowledge, Compiled.of(knowledge))

    def lines(self, text: str, claims: Iterable[str] = ()) -> Iterator[tuple[int, Line, dict[str, Framing]]]:
        """(middle of the sentence, line, the rules' framing of every claim found or asked for) for each sentence of a text."""
        document = document_from_text(text, "text.txt")
        sentences = self._language.sentences(document)
        matched = self._matcher.match(document, sentences)
        agents = Agents(document, sentences, matched.hits, self.knowledge)
        found = [[mention for mention in matched.mentions if mention.sentence == index] for index in range(len(sentences))]
        framer = Framer(matched, document.blocks, self.knowledge.cues)
        for index, line in enumerate(lines_of(document, sentences, matched.hits, agents, found)):
            sentence = sentences[index]
            whole = {claim: Mention(claim, index, 0, len(sentence.words), 1.0, ()) for claim in claims}
            mentions = whole | {mention.claim: mention for mention in found[index]}
            ruled = {claim: framer.frame(mention, self.knowledge.claims[claim]).framing for claim, mention in mentions.items()}
            yield (sentence.start + sentence.end) // 2, line, ruled


def passages(folder: Path, annotator: Annotator) -> Iterator[list[Row]]:
    """The texts of a folder in gold format, each as its rows."""
    gold = read_gold(folder)
    unassessed = dict(_unassessed(folder))
    everything = frozenset(annotator.knowledge.claims)
    for text_id, text in gold.texts.items():
        spans = gold.sentences[text_id]
        claims = {claim for text_of, _, claim in gold.pairs if text_of == text_id}
        rows = []
        for middle, line, ruled in annotator.lines(text, claims):
            number = next((number for number, span in reversed(spans) if span.start <= middle), spans[0][0])
            pairs = {claim: pair for (text_of, at, claim), pair in gold.pairs.items() if (text_of, at) == (text_id, number)}
            optional = frozenset(claim for claim, pair in pairs.items() if pair.optional)
            carried = frozenset(pairs) - optional
            mark = unassessed.get((text_id, number), "no")
            decided = bool(unassessed) and mark != "maybe"
            rows.append(
                Row(
                    line,
                    carried | ({UNASSESSED} if mark == "yes" and not carried else frozenset()),
                    everything - optional | ({UNASSESSED} if decided else frozenset()),
                    {claim: pair.framings for claim, pair in pairs.items()},
                    ruled,
                )
            )
        yield rows


def _unassessed(folder: Path) -> Iterator[tuple[tuple[str, int], str]]:
    path = folder / "unassessed.tsv"
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        text, number, mark = line.split("\t")
        yield (text, int(number)), mark


def wordings(folder: Path, annotator: Annotator) -> Iterator[list[Row]]:
    """The rows of the wording lists: annotations, context, sentence."""
    everything = frozenset(annotator.knowledge.claims)
    for path in sorted(folder.glob("*.tsv")):
        for row in csv.reader(path.read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
            if len(row) < 3:
                continue
            annotations, context, sentence = row[:3]
            lead = "" if context.strip() in ("-", "") else context.strip() + (" " if context.strip()[-1] in ".!?" else "\n\n")
            parts = [part.strip().partition(":") for part in annotations.split(",") if part.strip() not in ("-", "")]
            framings = {claim: frozenset({Framing(framing)}) for claim, _, framing in parts}
            lines = [(line, ruled) for middle, line, ruled in annotator.lines(lead + sentence, framings) if middle >= len(lead)]
            yield from ([Row(line, frozenset(framings), everything, framings, ruled)] for line, ruled in lines)


def examples(annotator: Annotator) -> Iterator[list[Row]]:
    """The claims' own examples. They decide only about their claim, and of several sentences only about those where the rules find it."""
    for claim in annotator.knowledge.claims.values():
        only = frozenset({claim.id})
        for example in claim.examples.matches:
            lines = list(annotator.lines(example.text, only))
            framings = {claim.id: frozenset({example.framing})}
            yield [
                Row(line, only, only, framings, ruled)
                if len(lines) == 1 or f"rule={claim.id}" in line.context
                else Row(line, frozenset(), frozenset(), {}, {})
                for _, line, ruled in lines
            ]
        for miss in claim.examples.near_misses:
            yield [Row(line, frozenset(), only, {}, ruled) for _, line, ruled in annotator.lines(miss.text)]
