"""Study 1 from a terminal: ``python -m tutelage_studies.individualized primary|sweeps|report``."""

from __future__ import annotations

import argparse
from pathlib import Path


def main() -> None:
    """Run a part of the study, or write its report."""
    parser = argparse.ArgumentParser(prog="python -m tutelage_studies.individualized")
    parts = parser.add_subparsers(dest="part", required=True)
    for name, learners, says in (
        ("primary", 64, "seven arms through service, ledger and policy; goes on where it was"),
        ("sweeps", 16, "all arms and what is swept, in the batched core"),
    ):
        part = parts.add_parser(name, help=says)
        part.add_argument("--learners", type=int, default=learners)
        part.add_argument("--games", type=int, default=80)
        part.add_argument("--seed", type=int, required=True)
        part.add_argument("--out", type=Path, required=True)
        part.add_argument("--workers", type=int, default=2)
    part = parts.add_parser("report", help="report.md, figures and small results")
    part.add_argument("--from", dest="source", type=Path, required=True)
    part.add_argument("--out", type=Path, required=True)
    _run(parser.parse_args())


def _run(asked: argparse.Namespace) -> None:
    if asked.part == "report":
        from tutelage_studies.individualized.report import write  # noqa: PLC0415

        write(asked.source, asked.out)
        return
    if asked.part == "primary":
        from tutelage_studies.individualized.primary import Primary  # noqa: PLC0415
        from tutelage_studies.individualized.world import Setting  # noqa: PLC0415

        setting = Setting(asked.seed, asked.learners, asked.games)
        Primary(setting, asked.out, workers=asked.workers).run()
        return
    from tutelage_studies.individualized.sweeps import run  # noqa: PLC0415

    run(asked.seed, asked.learners, asked.games, asked.out, workers=asked.workers)


if __name__ == "__main__":
    main()
