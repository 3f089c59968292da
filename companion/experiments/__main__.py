"""Command line: list, status, run, publish and show the recorded experiments."""

import argparse
import sys
from concurrent.futures import BrokenExecutor, Executor
from contextlib import AbstractContextManager

from companion.experiments import (
    STUDIES,
    ClusterError,
    StudyBusyError,
    dask_executor,
    load,
    process_pool,
    publish,
    run,
    status,
)

# Those of data, runs and records included.
EXPECTED_ERRORS = (ClusterError, OSError, StudyBusyError, ValueError)


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        options.command(options)
    except KeyboardInterrupt:
        print("Interrupted. Finished runs are kept; the same command resumes.", file=sys.stderr)
        return 130
    except BrokenExecutor:
        print(
            "A worker process died, perhaps for want of memory. Finished runs are kept; "
            "run the same command with fewer --workers.",
            file=sys.stderr,
        )
        return 1
    except EXPECTED_ERRORS as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m companion.experiments", description=__doc__)
    commands = parser.add_subparsers(required=True)
    commands.add_parser("list", help="name every study and its question").set_defaults(
        command=_list
    )
    for name, command, text in (
        ("status", _status, "how far a study is"),
        ("run", _run, "make the runs that are missing"),
        ("publish", _publish, "gather the finished runs into the record"),
        ("show", _show, "print the record's results with intervals"),
    ):
        sub = commands.add_parser(name, help=text)
        sub.add_argument("name", choices=STUDIES, metavar="NAME")
        sub.set_defaults(command=command)
        if name != "show":
            sub.add_argument("--work-dir", help="folder of the finished runs")
        if name == "run":
            sub.add_argument("--seeds", type=int, nargs="+", help="only these seeds")
            _add_executor_options(sub)
    return parser


def _add_executor_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--workers", type=int, help="runs at a time (default 1)")
    parser.add_argument("--threads", type=int, help="threads a run (default: share the cores)")
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--executor",
        choices=("processes", "dask"),
        help="plain worker processes (default) or a Dask cluster of them on this machine",
    )
    where.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="the Dask cluster whose scheduler is at ADDRESS, such as tcp://127.0.0.1:8786",
    )


def _list(options: argparse.Namespace) -> None:  # noqa: ARG001 - every command takes the options
    for study in STUDIES.values():
        print(f"{study.name:<14} {len(study.runs):>3} runs  {study.question}")


def _status(options: argparse.Namespace) -> None:
    now = status(STUDIES[options.name], work_dir=options.work_dir)
    print(f"{options.name}: {len(now.finished)} of {now.total} runs finished")
    for (arm, seed), fraction in now.in_progress.items():
        print(f"  {arm}, seed {seed}: {fraction:.0%}")


def _run(options: argparse.Namespace) -> None:
    study = STUDIES[options.name]
    if options.seeds is not None:
        study = study.with_seeds(options.seeds)
    with _executor(options) as executor:
        runs = run(study, executor=executor, work_dir=options.work_dir)
    print(f"{study.name}: {len(runs)} runs finished. Next: publish {study.name}")


def _executor(options: argparse.Namespace) -> AbstractContextManager[Executor]:
    if options.executor == "dask" or options.scheduler is not None:
        return dask_executor(options.workers, options.threads, scheduler=options.scheduler)
    return process_pool(1 if options.workers is None else options.workers, options.threads)


def _publish(options: argparse.Namespace) -> None:
    print(publish(STUDIES[options.name], work_dir=options.work_dir))


def _show(options: argparse.Namespace) -> None:
    from companion.intervals import mean_interval  # loads SciPy, which no worker needs

    record = load(options.name)
    print(f"{record.question}\n{record.evidence}\nlast value of a metric, mean and 95 % interval:")
    metrics = ("train_accuracy", "validation_accuracy", "test_accuracy")
    recorded = record.content["runs"][0]["history"]  # a search has no training accuracy
    for arm in record.arms:
        for metric in filter(recorded.__contains__, metrics):
            print(f"  {arm:<16} {metric:<20} {mean_interval(record.final(arm, metric)):.3f}")


if __name__ == "__main__":
    sys.exit(main())
