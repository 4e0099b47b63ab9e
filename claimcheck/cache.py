"""Things that are dear to build and depend only on the knowledge, remembered between runs in the user's cache folder."""

from __future__ import annotations

import gc
import os
import pickle
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from claimcheck import __version__

T = TypeVar("T")
MOST_OF_A_NAME = 6


def remembered(name: str, key: str, kind: type[T], build: Callable[[], T]) -> T:
    """The thing of this name and key from the cache, or built now and cached; `key` must change when the result would.

    A cache that cannot be read or written is no fault: it only costs time.
    """
    path = cache_folder() / f"{name}-{__version__}-py{sys.version_info.major}{sys.version_info.minor}-{key[:32]}.pickle"
    found = _read(path)
    if isinstance(found, kind):
        return found
    built = build()
    _write(path, built, name)
    return built


def cache_folder() -> Path:
    """The folder of the user's cache, which need not be there yet."""
    from platformdirs import user_cache_path

    return user_cache_path("claimcheck", appauthor=False)


def _read(path: Path) -> object:
    enabled = gc.isenabled()
    gc.disable()  # the collector would walk every new dict again and again: five times slower
    try:
        return pickle.loads(path.read_bytes())
    except Exception:  # noqa: BLE001 - a broken pickle can raise anything
        return None
    finally:
        if enabled:
            gc.enable()


def _write(path: Path, built: object, name: str) -> None:
    """Whole or not at all; the oldest of many versions go."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            pickle.dump(built, stream, protocol=pickle.HIGHEST_PROTOCOL)
        Path(temporary).replace(path)
        old = sorted(path.parent.glob(f"{name}-*.pickle"), key=lambda other: other.stat().st_mtime)
        for other in old[:-MOST_OF_A_NAME]:
            other.unlink(missing_ok=True)
    except OSError:
        return
