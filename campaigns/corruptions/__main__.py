"""Corrupt, load and judge: `python -m campaigns.corruptions [--count N] [--seed S] [--real N]`."""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tqdm.auto import tqdm

from campaigns.corruptions.images import real_images, small_images
from campaigns.corruptions.plan import plan, plan_real
from campaigns.corruptions.setting import REAL_BOUNDS, Setting, make_setting
from campaigns.corruptions.trial import Trial, Verdict
from campaigns.corruptions.worker import run_trials
from campaigns.outcome import Figures, keep
from companion._progress import is_interactive
from companion.datasets import load_cifar10
from companion.datasets._search import DATA_DIR

_PROMISE = (
    "Files in every official layout, small ones and a few of CIFAR-10 itself, are damaged in many "
    "ways. Each is detected with one sentence, or harmless: the right images are loaded with the "
    "right labels. Nothing in them is executed, nothing is left in the cache or written beside it, "
    "and memory and time stay bounded."
)


def main(arguments: list[str] | None = None) -> int:
    """Run the campaign; keep its figures if every promise held, else print what was violated."""
    options = _parser().parse_args(arguments)
    trials = plan(options.count, options.seed)
    if options.only is not None:
        trials = [trial for trial in trials if trial.number == options.only]
    with TemporaryDirectory(prefix="corruptions-") as name:
        setting = make_setting(small_images(), Path(name).resolve())
        verdicts = judged(trials, setting)
    real = _real_verdicts(options.real, options.seed) if options.only is None else []
    violations = [verdict for verdict in [*verdicts, *real] if verdict.violations]
    for verdict in violations:
        print(f"{verdict.trial}:", *verdict.violations, sep="\n  ", file=sys.stderr)
    if violations or options.only is not None:
        print(f"{len(violations)} of {len(verdicts)} corruptions violated a promise.")
        return 1 if violations else 0
    command = f"python -m campaigns.corruptions --count {options.count} --seed {options.seed}"
    keep("corruptions", _PROMISE, command, figures(verdicts, real))
    return 0


def judged(trials: Sequence[Trial], setting: Setting) -> list[Verdict]:
    """Return the verdict of every trial, with a bar that shows how far they are."""
    bar = tqdm(
        run_trials(trials, setting),
        desc="Corruptions",
        total=len(trials),
        disable=not is_interactive(),
    )
    return list(bar)


def figures(verdicts: Sequence[Verdict], real: Sequence[Verdict]) -> Figures:
    """Return how many corruptions came out in which way: in all, by layout and by kind."""
    outcomes = Counter(verdict.outcome for verdict in verdicts)
    return {
        "corruptions": len(verdicts),
        "detected": outcomes["detected"],
        "harmless": outcomes["harmless"],
        "violations": outcomes["violated"],
        "draws that changed nothing and were repeated": sum(v.redrawn for v in verdicts),
        "kinds of corruption": len({verdict.trial.kind for verdict in verdicts}),
        "also, on CIFAR-10 itself": _described(real),
        **_by("layout", verdicts, lambda trial: trial.layout),
        **_by("kind", verdicts, lambda trial: trial.kind),
    }


def _by(what: str, verdicts: Iterable[Verdict], name: Callable[[Trial], str]) -> dict[str, str]:
    groups: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        groups.setdefault(name(verdict.trial), []).append(verdict)
    return {f"{what}: {group}": _described(groups[group]) for group in sorted(groups)}


def _described(verdicts: Sequence[Verdict]) -> str:
    outcomes = Counter(verdict.outcome for verdict in verdicts)
    detected, harmless = outcomes["detected"], outcomes["harmless"]
    return f"{len(verdicts)} ({detected} detected, {harmless} harmless)"


def _real_verdicts(count: int, seed: int) -> list[Verdict]:
    """Corrupt CIFAR-10 itself where it is at hand; nothing is written but temporary files."""
    if not count or not os.environ.get(DATA_DIR):
        print(f"CIFAR-10 itself was left alone: {DATA_DIR} is not set, or --real is 0.")
        return []
    images = real_images(load_cifar10(validation_size=0, allow_stand_in=False))
    with TemporaryDirectory(prefix="corruptions-") as name:
        setting = make_setting(images, Path(name).resolve(), REAL_BOUNDS)
        return judged(plan_real(count, seed), setting)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m campaigns.corruptions", description=_PROMISE)
    parser.add_argument("--count", type=int, default=1000, help="corruptions of small images")
    parser.add_argument("--seed", type=int, default=0, help="which ones")
    parser.add_argument("--real", type=int, default=6, help="corruptions of CIFAR-10 itself")
    parser.add_argument("--only", type=int, help="repeat the one with this number, keep nothing")
    return parser


if __name__ == "__main__":
    sys.exit(main())
