"""A transformer encoder that needs nothing but numpy: word pieces in, a vector for each out.

Architecture: BERT (Devlin et al., NAACL 2019) in the size of MiniLM (Wang et al., NeurIPS 2020), with the tanh form of GELU.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
HEADS = 12
# so many pieces go through the layers at once: more would not be quicker, and cost memory
MOST_AT_ONCE = 2_048


@dataclass(frozen=True, slots=True)
class _Layer:
    """One layer's weights: attention in and out, then the two feed-forward steps, each with what normalises it."""

    attend: Array
    attend_bias: Array
    join: Array
    join_bias: Array
    join_norm: Array
    widen: Array
    widen_bias: Array
    narrow: Array
    narrow_bias: Array
    narrow_norm: Array


class Encoder:
    """Weights, ready to run. Built from arrays by name: pieces, places, norm, and a layer's fields under its number."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._pieces = arrays["pieces"]
        self._scale = arrays.get("pieces.scale", np.float32(1))
        self._places = arrays["places"]
        self._norm = arrays["norm"]
        self._layers = tuple(_layers(arrays))

    def vectors(self, windows: Sequence[Sequence[int]]) -> Iterator[Array]:
        """For each row of piece ids a matrix with a row for each piece. Pieces see only their own window."""
        group: list[Sequence[int]] = []
        size = 0
        for window in windows:
            if group and size + len(window) > MOST_AT_ONCE:
                yield from self._run(group)
                group, size = [], 0
            group.append(window)
            size += len(window)
        if group:
            yield from self._run(group)

    def _run(self, windows: Sequence[Sequence[int]]) -> list[Array]:
        ids = np.concatenate([np.asarray(window) for window in windows])
        places = np.concatenate([np.arange(len(window)) for window in windows])
        bounds = list(pairwise(np.cumsum([0, *map(len, windows)]).tolist()))
        x = _normal(self._pieces[ids] * self._scale + self._places[places], self._norm)
        for layer in self._layers:
            x = _normal(x + _attention(x, bounds, layer) @ layer.join + layer.join_bias, layer.join_norm)
            x = _normal(x + _gelu(x @ layer.widen + layer.widen_bias) @ layer.narrow + layer.narrow_bias, layer.narrow_norm)
        return [x[start:end] for start, end in bounds]


def _layers(arrays: Mapping[str, Array]) -> Iterator[_Layer]:
    number = 0
    while f"{number}.attend" in arrays:
        yield _Layer(**{name: arrays[f"{number}.{name}"] for name in _Layer.__slots__})
        number += 1


def _attention(x: Array, bounds: Sequence[tuple[int, int]], layer: _Layer) -> Array:
    mixed = np.empty_like(x)
    width = x.shape[1]
    size = width // HEADS
    all_three = x @ layer.attend + layer.attend_bias
    for start, end in bounds:
        query, key, value = all_three[start:end].reshape(end - start, 3, HEADS, size).transpose(1, 2, 0, 3)
        weights = softmax(query @ key.transpose(0, 2, 1) * np.float32(size**-0.5))
        mixed[start:end] = (weights @ value).transpose(1, 0, 2).reshape(end - start, width)
    return mixed


def softmax(x: Array, axis: int = -1) -> Array:
    """Weights that sum to one along an axis."""
    powers = np.exp(x - x.max(axis, keepdims=True))
    weights: Array = powers / powers.sum(axis, keepdims=True)
    return weights


def _normal(x: Array, norm: Array) -> Array:
    """Each row with mean 0 and variance 1, then scaled and moved by the rows of `norm`."""
    x = x - x.mean(-1, keepdims=True)
    variance = np.einsum("ij,ij->i", x, x)[:, None] / x.shape[1]
    normal: Array = x / np.sqrt(variance + 1e-12) * norm[0] + norm[1]
    return normal


def _gelu(x: Array) -> Array:
    y = x * x
    y *= np.float32(0.044715)
    y += 1
    y *= x
    y *= np.float32(0.7978845608)
    np.tanh(y, out=y)
    y += 1
    y *= x
    y *= np.float32(0.5)
    return y
