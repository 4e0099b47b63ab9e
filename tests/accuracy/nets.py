"""The nets that are trained: an encoder with label-wise attention for claims and for framings, its inputs, its loss."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from rows import Row
from torch import nn
from torch.nn import functional

from claimcheck.matching.lines import Window
from claimcheck.matching.proposer import FRAMINGS

FRAMING_LOSS = 0.5
RULES_FORGOTTEN, CONTEXT_FORGOTTEN = 0.25, 0.05
# how much a row learns from the teacher, the rest being its annotation
LESSON_SHARE = 0.6

Item = tuple[Window, list[Row]]


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast a net learns."""

    epochs: int
    batch: int
    encoder_rate: float
    head_rate: float


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a teacher makes of a row: a logit for every output, and for each a row of logits of framings."""

    logits: np.ndarray
    framings: np.ndarray


# by the id of the row
Lessons = Mapping[int, Lesson]


class Net(nn.Module):
    """An encoder and the heads of `claimcheck.matching.reader`, with their parameters named alike."""

    def __init__(self, encoder: nn.Module, outputs: Sequence[str], context: Sequence[str]) -> None:
        super().__init__()
        self.encoder = encoder
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


class Batcher:
    """Rows to tensors; `padding` is the encoder's id for no piece.

    A forgetful one leaves out what the rules found now and then, so that the words are learned too.
    """

    def __init__(self, outputs: Sequence[str], context: Sequence[str], padding: int = 0, *, forgetful: bool = True) -> None:
        self._padding = padding
        self._forgetful = forgetful
        self._outputs = {output: column for column, output in enumerate(outputs)}
        self._context = {name: column for column, name in enumerate(context)}

    def batch(self, items: Sequence[Item]) -> Batch:
        """The inputs."""
        longest = max(len(window.pieces) for window, _ in items)
        pieces = torch.full((len(items), longest), self._padding)
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
                if name in self._context and not (self._forgetful and random.random() < forgotten):
                    context[number, self._context[name]] = 1
            for claim, framing in row.ruled.items():
                ruled[number, self._outputs[claim], FRAMINGS.index(framing)] = 1
        return Batch(pieces, mask, *map(torch.tensor, zip(*places, strict=True)), torch.from_numpy(context), torch.from_numpy(ruled))

    def loss(self, items: Sequence[Item], logits: torch.Tensor, framings: torch.Tensor, lessons: Lessons) -> torch.Tensor:
        """Cross entropy of the outputs that are known, and of the framings of what is carried.

        A row with a lesson learns from it by LESSON_SHARE, and what its annotation leaves open from it alone.
        """
        rows = [row for _, group in items for row in group]
        # filled in numpy: one assignment to a tensor costs as much as a small matrix product
        target, known = np.zeros(logits.shape, np.float32), np.zeros(logits.shape, np.float32)
        framed = np.zeros(framings.shape, np.float32)
        for number, row in enumerate(rows):
            target[number, [self._outputs[output] for output in row.claims]] = 1
            known[number, [self._outputs[output] for output in row.known]] = 1
            for claim, right in row.framings.items():
                framed[number, self._outputs[claim], [FRAMINGS.index(framing) for framing in right]] = 1 / len(right)
            lesson = lessons.get(id(row))
            if lesson is not None:
                chances, put = _sigmoid(lesson.logits), _softmax(lesson.framings)
                decided, carried = known[number] > 0, framed[number].sum(-1) > 0
                target[number] = np.where(decided, _between(target[number], chances), chances)
                known[number, ~decided] = LESSON_SHARE
                framed[number, carried] = _between(framed[number, carried], put[carried])
        losses = functional.binary_cross_entropy_with_logits(logits, torch.from_numpy(target), reduction="none")
        loss = (losses * torch.from_numpy(known)).sum()
        is_framed = torch.from_numpy(framed).sum(-1) > 0
        if is_framed.any():
            loss = loss - FRAMING_LOSS * (torch.from_numpy(framed)[is_framed] * torch.log_softmax(framings[is_framed], -1)).sum()
        return loss / len(rows)


def fit(net: Net, items: list[Item], batcher: Batcher, plan: Plan, lessons: Lessons | None = None) -> None:
    """Train a net on windows."""
    torch.manual_seed(0)
    random.seed(0)
    inner = [parameter for parameter in net.encoder.parameters() if parameter.requires_grad]
    heads = [parameter for name, parameter in net.named_parameters() if not name.startswith("encoder.")]
    groups = [{"params": inner, "lr": plan.encoder_rate}, {"params": heads, "lr": plan.head_rate}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    steps = plan.epochs * (len(items) // plan.batch + 2)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1.0, 10 * step / steps) * max(0.01, 1 - step / steps))
    net.train()
    for epoch in range(plan.epochs):
        total, number = 0.0, 0
        for batch in _shuffled(items, plan.batch):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits, framings = net(batcher.batch(batch))
            loss = batcher.loss(batch, logits.float(), framings.float(), lessons or {})
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total, number = total + float(loss.detach()), number + 1
            if number % 100 == 0:
                print(f"epoch {epoch}, step {number}: loss {total / number:.3f}", flush=True)
    net.eval()


def _shuffled(items: list[Item], size: int) -> Iterator[list[Item]]:
    """All items in batches of like length, in a random order."""
    order = random.sample(items, len(items))
    batches = []
    for start in range(0, len(order), 25 * size):
        part = sorted(order[start : start + 25 * size], key=lambda item: len(item[0].pieces))
        batches += [part[at : at + size] for at in range(0, len(part), size)]
    random.shuffle(batches)
    yield from batches


def _between(given: np.ndarray, taught: np.ndarray) -> np.ndarray:
    return (1 - LESSON_SHARE) * given + LESSON_SHARE * taught


def _sigmoid(logits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-logits))


def _softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)
