"""A hundred thousand spans read into runs and a report: seconds, and the most memory it takes.

The file is one OTLP request a line, its spans in any order, as a collector that gathers from many
processes writes them; every tenth trace failed. A process of its own reads it, so that its peak is
its own; the time is that of the whole command, its start included.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.grown import Grown
from bench.measure import Measure, seconds, tell

SPANS, A_TRACE, A_LINE = 100_000, 10, 50
WORDS = "the customer wants a refund for a flight that was cancelled by the airline on Monday "


def import_spans(grown: Grown) -> Iterator[Measure]:
    """`tutelage import-traces` over OTLP lines: time and peak memory of the process."""
    file = grown.folder / "spans.jsonl"
    count = written(file, SPANS // 50 if grown.quick else SPANS)
    tell(f"  {count:,} spans in {file.stat().st_size / 1e6:.0f} MB")
    peaks: list[float] = []
    took = seconds(lambda: peaks.append(command(str(file), count)))
    file.unlink()
    yield Measure("import_spans_s", took, "s", 60.0)
    yield Measure("import_spans_mb", peaks[0], "MB", 500.0)


def written(file: Path, spans: int) -> int:
    """Write about so many spans, and return how many."""
    chance = random.Random(1)
    made = [span for n in range(spans // A_TRACE) for span in trace(n)]
    chance.shuffle(made)
    with file.open("w") as opened:
        for start in range(0, len(made), A_LINE):
            inner = [{"scope": {"name": "agent"}, "spans": made[start : start + A_LINE]}]
            opened.write(json.dumps({"resourceSpans": [{"scopeSpans": inner}]}) + "\n")
    return len(made)


def trace(n: int) -> Iterator[dict[str, Any]]:
    """One run: an agent's span, and calls of model and tool by turns."""
    said = f"Case {n}: {WORDS * 3}"
    asked = [{"role": "user", "parts": [{"type": "text", "content": said}]}]
    score = {"gen_ai.evaluation.name": "reward", "gen_ai.evaluation.score.value": n % 10 and 1}
    for at in range(A_TRACE):
        spoken = {"role": "assistant", "parts": [{"type": "text", "content": f"{WORDS}{at}"}]}
        chats = {
            "gen_ai.operation.name": "chat",
            "gen_ai.input.messages": json.dumps(asked),
            "gen_ai.output.messages": json.dumps([spoken]),
        }
        uses = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "get_user_details"}
        task = {"gen_ai.operation.name": "invoke_agent", "task_id": f"task-{n % 500}"}
        given = task if at == 0 else chats if at % 2 else uses
        asked.append(spoken)
        yield {
            "traceId": f"{n:032x}",
            "spanId": f"{n * A_TRACE + at:016x}",
            **({"parentSpanId": f"{n * A_TRACE:016x}"} if at else {}),
            "name": given["gen_ai.operation.name"],
            "startTimeUnixNano": str(1_760_000_000_000_000_000 + n * 10**9 + at * 10**6),
            "endTimeUnixNano": str(1_760_000_000_000_000_000 + n * 10**9 + (at + 1) * 10**6),
            "attributes": _keyed(given),
            "events": [{"name": "gen_ai.evaluation.result", "attributes": _keyed(score)}]
            if at == 0
            else [],
        }


def _keyed(given: dict[str, Any]) -> list[dict[str, Any]]:
    def valued(value: Any) -> dict[str, Any]:
        return {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}

    return [{"key": name, "value": valued(value)} for name, value in given.items()]


def command(file: str, count: int) -> float:
    """Run it; returns the most memory it took, in MB."""
    program = [sys.executable, "-m", "bench.tracing", file]
    run = subprocess.run(program, stdout=subprocess.PIPE, text=True, check=True, env=os.environ)
    answer, _, peak = run.stdout.rpartition("\n")
    said = json.loads(answer)
    assert said["situations"] * A_TRACE == said["spans"] == count, run.stdout[:300]
    assert said["outcomes"] == said["situations"], run.stdout[:300]
    return float(peak)


def _peak() -> float:
    """Of this process image alone: what `getrusage` says counts in who started it."""
    (line,) = (x for x in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in x)
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    from tutelage.doors import tracing

    tracing.import_traces([Path(sys.argv[1])], "otel", as_json=True)
    print(_peak(), end="")
