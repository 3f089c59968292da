"""Trials in a process of their own, which a bomb may end without harm to the machine."""

import multiprocessing
import resource
import signal
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from campaigns.corruptions.setting import Setting
from campaigns.corruptions.trial import Trial, Verdict, run_trial

_ADDRESS_SPACE = 6 << 30
_PATIENCE = 4  # times as long as a load may take, for all that a trial does


def run_trials(trials: Iterable[Trial], setting: Setting) -> Iterator[Verdict]:
    """Yield the verdict of each trial; one that ends the process has violated a promise too."""
    executor = _new_executor()
    try:
        for trial in trials:
            try:
                verdict = executor.submit(_limited_trial, trial, setting).result()
            except BrokenProcessPool:
                executor.shutdown()
                executor = _new_executor()
                verdict = Verdict(trial, violations=["ended the process: crash or time out"])
            yield verdict
    finally:
        executor.shutdown()


def _new_executor() -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, mp_context=context, initializer=_limit_memory)


def _limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))


def _limited_trial(trial: Trial, setting: Setting) -> Verdict:
    """Run a trial under the eyes of the system, which kills it if it does not come to an end."""
    seconds = int(_PATIENCE * setting.bounds.seconds)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + seconds, hard))
    signal.alarm(10 * seconds)  # for what waits and takes no time of the processor
    try:
        return run_trial(trial, setting)
    finally:
        signal.alarm(0)
