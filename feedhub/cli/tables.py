"""Tables on stdout."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from feedhub.cli.terminal import printable

_WIDE = 1000  # columns


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table: it fits a terminal, and in a pipe or a file it is as wide as it needs to be.

    Nothing is cut off: what has no room on a line goes on below.
    """
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(str(cell))) for cell in row))
    console = Console()
    (console if console.is_terminal else Console(width=_WIDE)).print(table)
