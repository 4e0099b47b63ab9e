"""Train the proposer on our own annotated passages and wordings: python tests/accuracy/train.py [MORE_GOLD_FOLDERS] (extra: train).

Logistic regression, one claim against the rest (Fan et al., LIBLINEAR, JMLR 2008), over the features of
`claimcheck.matching.proposer`. Rounds named in HELD_OUT are never trained on. Writes knowledge/proposer/.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from claimcheck.documents import document_from_text
from claimcheck.evaluation import read_gold
from claimcheck.kb import built_in_folder, load
from claimcheck.language import Language
from claimcheck.matching.agents import Agents
from claimcheck.matching.lexicon import Compiled
from claimcheck.matching.matcher import Matcher
from claimcheck.matching.proposer import NO_AGENT, context_features, save_proposer, sentence_features
from claimcheck.model import KnowledgeBase

HERE = Path(__file__).parent
HELD_OUT = ("r5", "r6", "r9", "r10")
INVERSE_PENALTY = 1.0
FEWEST_SENTENCES = 2
FEWEST_EXAMPLES = 10
# a claim's own examples count as so many sentences each
EXAMPLE_WEIGHT = 3


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence as its features, the claims it carries, and those that may count either way."""

    seen: frozenset[str]
    claims: frozenset[str]
    optional: frozenset[str] = frozenset()


class Reader:
    """Sentences to rows, exactly as the matcher sees them."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        self._language = Language()
        self._matcher = Matcher(knowledge, Compiled.of(knowledge))

    def rows(self, text: str) -> Iterator[tuple[int, frozenset[str]]]:
        """(middle of the sentence, features) for every sentence of a text."""
        document = document_from_text(text, "text.txt")
        sentences = self._language.sentences(document)
        matched = self._matcher.match(document, sentences)
        agents = Agents(document, sentences, matched.hits, self._knowledge)
        for index, sentence in enumerate(sentences):
            agent = agents.of(index, 0, len(sentence.words))
            found = [mention.claim for mention in matched.mentions if mention.sentence == index]
            own = sentence_features(sentence.words, matched.hits[index])
            seen = (*own, *context_features(agent.source if agent else NO_AGENT, found))
            yield (sentence.start + sentence.end) // 2, frozenset(seen)


def passages(folder: Path, reader: Reader) -> Iterator[Row]:
    """The rows of a folder in gold format."""
    gold = read_gold(folder)
    for text_id, text in gold.texts.items():
        spans = gold.sentences[text_id]
        for middle, seen in reader.rows(text):
            number = next((number for number, span in reversed(spans) if span.start <= middle), spans[0][0])
            pairs = {claim: pair for (text_of, at, claim), pair in gold.pairs.items() if (text_of, at) == (text_id, number)}
            optional = frozenset(claim for claim, pair in pairs.items() if pair.optional)
            yield Row(seen, frozenset(pairs) - optional, optional)


def wordings(folder: Path, reader: Reader) -> Iterator[Row]:
    """The rows of the wording lists: annotations, context, sentence."""
    for path in sorted(folder.glob("*.tsv")):
        for row in csv.reader(path.read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
            if len(row) < 3:
                continue
            annotations, context, sentence = row[:3]
            lead = "" if context.strip() in ("-", "") else context.strip() + (" " if context.strip()[-1] in ".!?" else "\n\n")
            claims = frozenset(part.strip().partition(":")[0] for part in annotations.split(",") if part.strip() not in ("-", ""))
            found = [seen for middle, seen in reader.rows(lead + sentence) if middle >= len(lead)]
            yield Row(frozenset().union(*found), claims)


def examples(knowledge: KnowledgeBase, reader: Reader) -> Iterator[Row]:
    """The rows of the claims' own examples. A near miss says only that it is not that claim; of others nothing is known."""
    everything = frozenset(knowledge.claims)
    for claim in knowledge.claims.values():
        for text, carries in (
            *((row.text, True) for row in claim.examples.matches),
            *((row.text, False) for row in claim.examples.near_misses),
        ):
            found = [seen for _, seen in reader.rows(text)]
            yield from [Row(frozenset().union(*found), frozenset({claim.id} if carries else ()), everything - {claim.id})] * EXAMPLE_WEIGHT


def fit(matrix: csr_matrix, rows: list[Row], claim: str) -> tuple[np.ndarray, float]:
    """The weights and the bias of one claim."""
    target = np.array([1 if claim in row.claims else -1 if claim in row.optional else 0 for row in rows])
    known = target >= 0
    model = LogisticRegression(C=INVERSE_PENALTY, solver="liblinear").fit(matrix[known], target[known])
    return model.coef_[0], float(model.intercept_[0])


def main() -> None:
    """Read, train, write."""
    knowledge = load()
    reader = Reader(knowledge)
    folders = [folder for folder in sorted(HERE.glob("rounds/*")) if folder.name not in HELD_OUT]
    rows = [row for folder in folders for row in passages(folder, reader)]
    rows += [*wordings(HERE / "wordings", reader), *examples(knowledge, reader)]
    frequency = Counter(name for row in rows for name in row.seen)
    # other annotated folders lend weight, but no word that our own passages do not have
    kept = {name for name, count in frequency.items() if count >= FEWEST_SENTENCES}
    rows += [row for folder in map(Path, sys.argv[1:]) for row in passages(folder, reader)]
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([dict.fromkeys(row.seen & kept, 1) for row in rows]).tocsr()
    counts = Counter(claim for row in rows for claim in row.claims)
    claims = [claim for claim in knowledge.claims if counts[claim] >= FEWEST_EXAMPLES]
    with ProcessPoolExecutor(2) as pool:
        models = list(pool.map(partial(fit, matrix, rows), claims))
    weights = np.stack([weights for weights, _ in models], axis=1)
    save_proposer(built_in_folder(), claims, list(vectorizer.feature_names_), weights, np.array([bias for _, bias in models]))
    print(f"{len(rows)} sentences of {len(folders)} rounds and the wordings, {len(kept)} features, {len(claims)} claims")


if __name__ == "__main__":
    main()
