"""One process of a search with a chief and workers: what is set before it, and how it ends.

KerasTuner reads the roles from the environment. Some of its functions are replaced here, in the
process that `python -m companion.tuning` starts for nothing else.
"""

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
import keras_tuner
import tensorflow as tf
from keras_tuner.src import utils
from keras_tuner.src.backend import io
from keras_tuner.src.distribute import oracle_chief, oracle_client
from threadpoolctl import threadpool_limits

from companion._atomic import write_text
from companion.tuning._chief import SearchFailedError
from companion.tuning._chief_server import Limits, serve
from companion.tuning._wire import connect
from companion.tuning._worker import Beats, Client

Search = Callable[[], object]
CHIEF = "chief"  # KerasTuner knows it by this name


def limit_threads(threads: int) -> None:
    """Let TensorFlow, NumPy and scikit-learn use so many threads; before the first operation."""
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    threadpool_limits(threads)


def run_chief(search: Search, address: str, limits: Limits) -> None:
    """Call a function that makes a tuner and searches; its trials are run by workers.

    Raises:
        SearchFailedError: The search cannot go on, a limit is reached, or there was no search.
    """
    searched = []

    def start_server(oracle: keras_tuner.Oracle) -> None:
        searched.append(oracle)
        serve(oracle, address, limits)

    _set_role(CHIEF, address)
    oracle_chief.start_server = start_server
    utils.save_json = _save_json
    search()
    if not searched:
        raise SearchFailedError("The function has not searched. Call the tuner's search in it.")


def run_worker(
    search: Search, address: str, patience: float, wait: float, give_up: Callable[[str], Any]
) -> None:
    """Call the same function in a worker, which runs trials until the chief has none.

    Raises:
        SearchFailedError: The chief refused a call, or was lost in one.
    """
    name = f"worker-{os.getpid()}-{uuid4().hex[:6]}"  # never that of a worker before
    _set_role(name, address)
    io.rmtree = _keep_folder
    error = ""
    with connect(address, name) as channel:
        oracle_client.OracleClient = partial(Client, channel=channel)
        beats = Beats(channel, patience, wait, give_up)
        beats.start()
        try:
            search()
        except grpc.RpcError as lost:
            raise SearchFailedError(f"The chief does not go on: {lost.details()}") from lost
        except Exception as failure:
            error = f"{type(failure).__name__}: {failure}"
            raise
        finally:
            beats.leave(error)


def _set_role(name: str, address: str) -> None:
    host, _, port = address.rpartition(":")
    os.environ |= {
        "KERASTUNER_TUNER_ID": name,
        "KERASTUNER_ORACLE_IP": host,
        "KERASTUNER_ORACLE_PORT": port,
    }


def _save_json(path: str, content: object) -> str:
    """Save as KerasTuner does, but never a part of it: a chief that is killed can resume."""
    text = json.dumps(content)
    write_text(Path(path), text)
    return text


def _keep_folder(_path: str) -> None:
    """Remove nothing: with `overwrite=True` every worker would remove what the chief has kept."""
