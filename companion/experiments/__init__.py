"""The recorded experiments: a catalogue of studies, a runner that resumes, and published records.

Importing this package imports neither TensorFlow nor Keras; running a study does.
"""

from companion.experiments.catalogue import STUDIES
from companion.experiments.executors import InlineExecutor, process_pool
from companion.experiments.record import Record, RecordError, load, publish
from companion.experiments.runner import StudyBusyError, run
from companion.experiments.status import StudyStatus, status
from companion.experiments.store import DamagedRunError, Run, StaleRunError
from companion.experiments.study import Study

__all__ = [
    "STUDIES",
    "DamagedRunError",
    "InlineExecutor",
    "Record",
    "RecordError",
    "Run",
    "StaleRunError",
    "Study",
    "StudyBusyError",
    "StudyStatus",
    "load",
    "process_pool",
    "publish",
    "run",
    "status",
]
