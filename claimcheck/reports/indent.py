"""Lines moved to the right, without the blanks at their ends that rich's padding, tables and wrapping leave behind."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment


@dataclass(frozen=True, slots=True)
class Indented:
    """Something to print `by` columns further in, each line without blanks at its end."""

    content: RenderableType
    by: int = 0

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        narrower = options.update_width(max(options.max_width - self.by, 1))
        for line in console.render_lines(self.content, narrower, pad=False):
            while line and not line[-1].text.rstrip(" "):
                line.pop()
            if line:
                yield Segment(" " * self.by)
                yield from line[:-1]
                yield Segment(line[-1].text.rstrip(" "), line[-1].style)
            yield Segment.line()
