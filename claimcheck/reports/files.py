"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def open_beside(path: Path) -> tuple[int, Path]:
    """A new hidden file in the folder of a path, to be filled and then moved there: its handle and its own path. Raises OSError."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    return handle, Path(name)


def move_into_place(temporary: Path, path: Path) -> None:
    """Let a finished file be the one at a path, with the rights of any new file. Raises OSError."""
    temporary.chmod(0o666 & ~_umask())
    temporary.replace(path)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file, or leave what is there as it was; a device or pipe gets its bytes at once. Raises OSError."""
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    handle, temporary = open_beside(path)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        move_into_place(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    """The process's umask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
