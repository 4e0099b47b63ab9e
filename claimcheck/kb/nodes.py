"""YAML without its surprises: duplicate keys are faults, `no` is a word, and every value knows its line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from claimcheck.errors import Problem

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Place = tuple[str | int, ...]

# the YAML 1.2 core schema: only these plain scalars are not strings
_CORE = (
    (re.compile(r"(?:null|~|)"), lambda _: None),
    (re.compile(r"true|false"), lambda text: text == "true"),
    (re.compile(r"[-+]?[0-9]+"), int),
    (re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?"), float),
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file's content as plain values, with the 1-based line of every place in it, and its syntax faults."""

    value: Any
    lines: dict[Place, int]
    problems: tuple[Problem, ...]

    def line(self, place: Place) -> int:
        """The line of a place, or of the nearest place around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def parse(path: Path, shown: str) -> Parsed:
    """Read a YAML file; `shown` is its name in problems. Never raises: what is wrong comes back as problems."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return Parsed(None, {}, (Problem(shown, 1, f"cannot be read: {error}; save it as UTF-8"),))
    try:
        root = yaml.compose(text, Loader=Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "not valid YAML"
        return Parsed(None, {}, (Problem(shown, mark.line + 1 if mark else 1, f"YAML syntax: {reason}; mend the line or the one above"),))
    if root is None:
        return Parsed(None, {}, (Problem(shown, 1, "the file is empty; fill it or delete it"),))
    lines: dict[Place, int] = {}
    problems: list[Problem] = []
    value = _build(root, (), lines, problems, shown)
    return Parsed(value, lines, tuple(problems))


def _build(node: yaml.Node, place: Place, lines: dict[Place, int], problems: list[Problem], shown: str) -> Any:
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        built: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            lines[(*place, key)] = key_node.start_mark.line + 1
            if key in built:
                problems.append(Problem(shown, key_node.start_mark.line + 1, f"duplicate key {key!r}; keep one"))
            built[key] = _build(value_node, (*place, key), lines, problems, shown)
        return built
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, (*place, index), lines, problems, shown) for index, item in enumerate(node.value)]
    if isinstance(node, yaml.ScalarNode) and not node.style:  # plain, unquoted
        for pattern, convert in _CORE:
            if pattern.fullmatch(node.value):
                return convert(node.value)
    return node.value
