"""Measures, one JSON line each: ``python bench/run.py [--quick] [NAME …]``; exits 1 under a bar.

Every ratio is taken in one run against a named reference, by turns, so that a machine that slows
down slows both. `--quick` shows that the measures work; its numbers mean nothing.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.appending import append_vs_insert_postgresql, append_vs_insert_sqlite
from bench.cold import cold_fold_ms
from bench.commands import command_growth
from bench.doors import door_overhead_ms, load_postgresql, load_sqlite
from bench.estimating import evidence_s, rating_us, simulate_s
from bench.grown import Grown
from bench.leading import overview
from bench.measure import Measure, tell
from bench.million import fold_million_mb
from bench.people import people_pages
from bench.rival import vs_eventsourcing
from bench.telling import telling
from bench.tracing import import_spans
from bench.turns import turn_ms

MEASURES: tuple[Callable[[Grown], Iterator[Measure]], ...] = (
    command_growth,
    turn_ms,
    cold_fold_ms,
    append_vs_insert_sqlite,
    append_vs_insert_postgresql,
    vs_eventsourcing,
    fold_million_mb,
    rating_us,
    simulate_s,
    evidence_s,
    import_spans,
    door_overhead_ms,
    load_sqlite,
    load_postgresql,
    people_pages,
    overview,
    telling,
)


def main() -> int:
    """Run them, and say whether every bar holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these measures")
    parser.add_argument("--quick", action="store_true", help="small sizes: does it work at all?")
    args = parser.parse_args()
    known = {measure.__name__: measure for measure in MEASURES}
    strange = [name for name in args.names if name not in known]
    if strange:
        parser.error(f"no measure {' '.join(strange)}; there are {' '.join(known)}")
    failed = 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the folder goes with us
    with tempfile.TemporaryDirectory(prefix="tutelage-bench-") as folder:
        grown = Grown(Path(folder), quick=args.quick)
        for name in args.names or known:
            start = time.monotonic()
            tell(name)
            for measure in known[name](grown):
                print(measure, flush=True)
                failed += measure.holds is False
            tell(f"  {time.monotonic() - start:.0f} s")
    return 1 if failed and not args.quick else 0


if __name__ == "__main__":
    sys.exit(main())
