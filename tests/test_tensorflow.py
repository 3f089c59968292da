"""TensorFlow starts without writing to the terminal, and errors are still seen."""

import os
import sys

import pytest

from companion import _tensorflow, quiet_tensorflow


def next_descriptor() -> int:
    descriptor = os.dup(0)
    os.close(descriptor)
    return descriptor


def test_what_the_process_writes_while_tensorflow_starts_is_not_seen(capfd):
    os.write(2, b"before ")
    with _tensorflow.silent_stderr():
        os.write(2, b"in between ")
    os.write(2, b"after")
    assert capfd.readouterr().err == "before after"


def test_the_stream_comes_back_after_an_error(capfd):
    with pytest.raises(ImportError), _tensorflow.silent_stderr():
        raise ImportError
    os.write(2, b"seen")
    assert capfd.readouterr().err == "seen"


def test_no_descriptor_is_left_open():
    before = next_descriptor()
    with _tensorflow.silent_stderr():
        pass
    assert next_descriptor() == before


def test_tensorflow_and_keras_are_imported_with_logs_off(monkeypatch):
    monkeypatch.delenv("TF_CPP_MIN_LOG_LEVEL", raising=False)
    quiet_tensorflow()
    assert {"tensorflow", "keras"} <= set(sys.modules)
    assert os.environ["TF_CPP_MIN_LOG_LEVEL"] == "3"


def test_a_chosen_log_level_is_kept(monkeypatch):
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "1")
    quiet_tensorflow()
    assert os.environ["TF_CPP_MIN_LOG_LEVEL"] == "1"
