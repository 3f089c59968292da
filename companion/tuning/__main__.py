"""Command line: one search of KerasTuner by a chief and workers, on one machine or several.

A function without arguments makes a tuner and calls its `search`. Give its name to one chief and to
any number of workers.
"""

import argparse
import logging
import os
import sys
from typing import NoReturn

from companion.tuning._chief import SearchFailedError
from companion.tuning._chief_server import Limits
from companion.tuning._distributed import limit_threads, run_chief, run_worker
from companion.tuning._search_function import load_search

ADDRESS = "127.0.0.1:50051"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
EXPECTED_ERRORS = (SearchFailedError, OSError, ValueError)


def main(arguments: list[str] | None = None) -> int:
    """Be a chief or a worker, and return the exit code."""
    logging.basicConfig(format="%(message)s", level=logging.INFO)
    options = _parser().parse_args(arguments)
    try:
        limit_threads(options.threads)
        options.command(options)
    except KeyboardInterrupt:
        print("Interrupted. Finished trials are kept; the same command resumes.", file=sys.stderr)
        return 130
    except EXPECTED_ERRORS as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m companion.tuning", description=__doc__)
    commands = parser.add_subparsers(required=True)
    chief = commands.add_parser("chief", help="propose the trials and keep the results")
    worker = commands.add_parser("worker", help="run trials until the chief has none")
    for sub, command, address in (
        (chief, _chief, "where to listen"),
        (worker, _worker, "where the chief listens"),
    ):
        sub.set_defaults(command=command)
        sub.add_argument("function", help="FILE.py:FUNCTION or MODULE:FUNCTION")
        sub.add_argument("--address", type=_address, default=ADDRESS, help=f"{address} ({ADDRESS})")
        sub.add_argument("--threads", type=_count, default=1, help="of this process (1)")
        text = "silence in seconds after which the other side is taken for dead (60)"
        sub.add_argument("--patience", type=_seconds, default=60, help=text)
        text = "seconds to wait while there is no worker, or not yet a chief (600)"
        sub.add_argument("--wait", type=_seconds, default=600, help=text)
    chief.add_argument("--hours", type=_seconds, default=168, help="of the whole search (168)")
    text = "how often to try a trial again whose worker died (2)"
    chief.add_argument("--retries", type=int, default=2, help=text)
    return parser


def _chief(options: argparse.Namespace) -> None:
    if options.address.rpartition(":")[0] not in LOOPBACK:
        print("Whoever reaches this address can read and change the search.", file=sys.stderr)
    limits = Limits(options.patience, options.wait, options.hours * 3600, options.retries)
    run_chief(load_search(options.function), options.address, limits)


def _worker(options: argparse.Namespace) -> None:
    search = load_search(options.function)
    run_worker(search, options.address, options.patience, options.wait, _end_at_once)


def _end_at_once(reason: str) -> NoReturn:
    """End this process from any thread: what the others do is of no use any more."""
    print(reason, file=sys.stderr, flush=True)
    os._exit(1)


def _address(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no address. Write HOST:PORT.")
    return text


def _seconds(text: str) -> float:
    number = float(text)
    if not number > 0:
        raise argparse.ArgumentTypeError(f"{text} is not positive.")
    return number


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not positive.")
    return number


if __name__ == "__main__":
    sys.exit(main())
