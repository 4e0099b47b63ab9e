"""Parsed YAML to records: pydantic checks every key and type, and each fault gets its line."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from claimcheck.errors import Problem
from claimcheck.kb.nodes import Parsed, Place
from claimcheck.model import About, Claim, Concept, Cue, Source

T = TypeVar("T")

_ADAPTERS: dict[type, TypeAdapter[Any]] = {kind: TypeAdapter(kind) for kind in (About, Claim, Source, Concept, Cue)}


def to_record(kind: type[T], parsed: Parsed, shown: str, at: Place = ()) -> tuple[T | None, tuple[Problem, ...]]:
    """The record at a place of a parsed file, or None with all faults that keep it from being one."""
    value = parsed.value
    for step in at:
        value = value[step]
    try:
        # JSON mode is pydantic's strict mode that still reads lists as tuples and strings as enums
        record: T = _ADAPTERS[kind].validate_json(json.dumps(value), strict=True)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=True)
        return None, tuple(Problem(shown, parsed.line((*at, *fault["loc"])), _explain(fault)) for fault in faults)
    return record, ()


def _explain(fault: Any) -> str:
    where = ".".join(str(step) for step in fault["loc"]) or "the record"
    match fault["type"]:
        case "unexpected_keyword_argument":
            return f"unknown key {where!r}; remove it or correct its spelling"
        case "missing" | "missing_argument":
            return f"missing key {where!r}; add it"
        case "enum":
            return f"{where}: {fault['input']!r} is none of {fault['ctx']['expected']}"
        case "string_type":
            return f"{where}: {fault['input']!r} must be text; put it in quotes"
        case _:
            return f"{where}: {fault['msg'].lower()} (found {fault['input']!r})"
