"""python -m bench: what FeedHub costs, beside its peers and its goals. Needs Linux; ends within 15 minutes.

Polls documents of its own from loopback addresses with FeedHub and with those of `reader`, newsboat and
sfeed that are installed, interleaved; then takes the micro measures.
"""

import argparse
import compileall
import platform
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench import micro, polling, publishing
from bench.goals import Row, goals_table, micro_rows, micro_table, polling_rows, polling_table
from bench.pollers import ALL, ROOT

PERFORMANCE = Path(__file__).parent.parent / "docs" / "performance.md"
_LIBRARIES = ("feedparser", "nh3", "pycurl", "SQLAlchemy", "lxml")


def main() -> None:
    """Measure, print, and write if that is asked for."""
    options = _options()
    ends = time.monotonic() + 60 * options.minutes
    compileall.compile_dir(ROOT / "feedhub", quiet=1)  # as whoever installs it has it done
    with tempfile.TemporaryDirectory(prefix="feedhub-bench-") as temporary:
        folder = Path(temporary)
        folder.chmod(0o755)  # nginx's workers may be another user
        text = report(folder, options, ends)
    print(text)
    if options.write:
        write(text, PERFORMANCE)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--documents", type=int, default=300, help="that are polled; also 1000 is worth it")
    parser.add_argument("--rounds", type=int, default=5, help="of all programs; medians are given")
    parser.add_argument("--only", choices=["micro", "polling"], help="one half alone")
    parser.add_argument("--minutes", type=float, default=15, help="no round begins that would end later")
    parser.add_argument("--write", action="store_true", help=f"the figures into docs/{PERFORMANCE.name}")
    options = parser.parse_args()
    if options.documents < 1 or options.rounds < 1:
        parser.error("one document and one round at least")
    return options


def report(
    folder: Path, options: argparse.Namespace, ends: float, *, sizes: micro.Sizes | None = None
) -> str:
    """Measure, and write it all down."""
    rows: list[Row] = []
    parts: list[str] = []
    if options.only != "polling":
        print("micro measures", file=sys.stderr, flush=True)
        micros = []
        sizes = sizes or micro.Sizes()
        measures = (micro.measured, publishing.measured)
        for one in (one for measured in measures for one in measured(folder, options.rounds, sizes)):
            print(f"  {one.name}", file=sys.stderr, flush=True)
            micros.append(one)
        rows += micro_rows(micros)
        parts += [micro_table(micros)]
    if options.only != "micro":
        found = {kind: kind.version() for kind in ALL}
        pollers = [kind for kind, number in found.items() if number]
        print(f"polling: {', '.join(kind.name for kind in pollers)}", file=sys.stderr, flush=True)
        done = polling.measured(
            folder, pollers, documents=options.documents, rounds=options.rounds, ends=ends
        )
        rows = [*polling_rows(done), *rows]
        versions = ", ".join(f"{kind.name} {number}" for kind, number in found.items() if number)
        told = (
            f"{done.documents} documents of {done.size / 1000:.0f} KB, {done.rounds} rounds,"
            f" served by {done.server}; {versions}."
        )
        missing = [f"{name} was left out: {why}" for name, why in done.missing.items()]
        parts = ["\n\n".join([told, *missing]), polling_table(done), *parts]
    return "\n\n".join([machine(), goals_table(rows), *parts])


def machine() -> str:
    """Tell on what was measured: the processors, their load, the libraries."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    cores = sum(line.startswith("processor") for line in lines)
    load = Path("/proc/loadavg").read_text().split()[0]
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {cores} cores ({model or platform.machine()}),"
        f" load {load} at the end; Python {platform.python_version()}, {libraries}."
    )


def write(text: str, file: Path, *, mark: str = "measured") -> None:
    """Put the figures between the two marks of a page; what stands around them stays."""
    begin, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    page = file.read_text(encoding="utf-8") if file.exists() else f"# Performance\n\n{begin}\n{end}\n"
    before, _, rest = page.partition(begin)
    after = rest.partition(end)[2]
    new = file.with_name(f".{file.name}.new")
    new.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
    shutil.move(new, file)


if __name__ == "__main__":
    main()
