"""python -m bench.soak NAME…: long trials, run by hand, on loopback; each stops by itself.

The short forms of the same trials are in tests/test_polling_process.py.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

# The tests' origin servers and hubs serve here too.
sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from bench.soak import budget, hung, kill, prompt, rounds, sigterm, two

TRIALS: dict[str, tuple[Callable[[Path], dict[str, object]], str]] = {
    "kill": (kill.trial, "kill -9 in the midst of polls of 60 changing sources, 50 times (5 minutes)"),
    "hung": (hung.trial, "100 hanging and dripping sources beside 20 healthy ones (4 minutes)"),
    "prompt": (prompt.trial, "from saving to publishing, beside sources that hang (2 minutes)"),
    "two": (two.trial, "two hubs and polls on one store; one hub is killed (2 minutes)"),
    "budget": (budget.trial, "500 documents beyond their budget of time or memory (3 minutes)"),
    "sigterm": (sigterm.trial, "SIGTERM in the midst of all that, 20 times (3 minutes)"),
    "rounds": (rounds.trial, "2,000 rounds of 20 changing sources (10 minutes)"),
}


def main() -> int:
    """Run the trials that are named; 1 if one of them failed."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__.partition("\n")[0])
    names = "; ".join(f"{name}: {words}" for name, (_, words) in TRIALS.items())
    parser.add_argument("names", nargs="+", choices=[*TRIALS, "all"], metavar="NAME", help=f"all; {names}")
    asked = parser.parse_args().names
    failed = False
    for name in TRIALS if "all" in asked else asked:
        began = time.monotonic()
        print(f"{name}: {TRIALS[name][1]}", flush=True)
        with tempfile.TemporaryDirectory(prefix=f"soak-{name}-") as folder:
            try:
                figures = TRIALS[name][0](Path(folder))
            except AssertionError as error:
                print(f"{name}: FAILED: {error}", flush=True)
                failed = True
                continue
        for key, value in figures.items():
            print(f"  {key}: {value}")
        print(f"{name}: held, in {time.monotonic() - began:.0f} s", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
