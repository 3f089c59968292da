"""Run one step of a command: a line with the time it took, or on failure its output and a remedy.

Usage: python tools/step.py [--tail LINES] NAME REMEDY COMMAND [ARGUMENT ...]

The whole output stays in `.venv/logs/NAME.log`. In a terminal the line of a running step shows the
seconds gone by and what it last printed. Only the standard library is used: the first step runs
before there is an environment.
"""

import argparse
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

LOGS = Path(".venv/logs")
TICK = 0.5  # seconds between two looks at a running step
RECENT_BYTES = 4096
MINUTE = 60


def main() -> int:
    """Run the command of the command line and report it; return its exit code."""
    options = _parse()
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{options.name.replace(' ', '-').replace('/', '-')}.log"
    start = time.monotonic()
    code = _run(options.command, options.name, log, start)
    _erase_progress()
    print(_line("failed" if code else "ok", options.name, start), flush=True)
    if code:
        _report_failure(options, log, code)
    return code


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tail", type=int, help="show only the last lines of a failed step")
    parser.add_argument("name", help="what the step is called")
    parser.add_argument("remedy", help="what to do when it fails")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    return parser.parse_args()


def _run(command: list[str], name: str, log: Path, start: float) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with log.open("wb") as output:
        try:
            process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        except OSError as error:
            output.write(f"{command[0]}: {error.strerror}\n".encode())
            return 127
        try:
            return _wait(process, name, log, start)
        finally:  # interrupted: leave nothing running behind
            process.terminate()
            process.wait()


def _wait(process: subprocess.Popen[bytes], name: str, log: Path, start: float) -> int:
    while True:
        try:
            return process.wait(TICK)
        except subprocess.TimeoutExpired:
            _show_progress(name, log, start)


def _show_progress(name: str, log: Path, start: float) -> None:
    if sys.stdout.isatty():
        width = shutil.get_terminal_size().columns - 1
        text = f"{_line('...', name, start)}   {_last_line(log)}"
        print(f"\r\033[K{text[:width]}", end="", flush=True)


def _erase_progress() -> None:
    if sys.stdout.isatty():
        print("\r\033[K", end="")


def _line(state: str, name: str, start: float) -> str:
    seconds = time.monotonic() - start
    minutes, rest = divmod(seconds, MINUTE)
    elapsed = f"{minutes:.0f} min {rest:02.0f} s" if minutes else f"{seconds:.1f} s"
    return f"{state:<8}{name:<40}{elapsed:>12}"


def _last_line(log: Path) -> str:
    with log.open("rb") as stream:
        stream.seek(max(0, log.stat().st_size - RECENT_BYTES))
        lines = stream.read().decode("utf-8", "replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def _report_failure(options: argparse.Namespace, log: Path, code: int) -> None:
    lines = log.read_text("utf-8", "replace").splitlines()
    print("\n".join(lines[-options.tail :] if options.tail else lines))
    print(f"\n{options.name} ended with exit code {code}. Its whole output is in {log}.")
    print(options.remedy, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
