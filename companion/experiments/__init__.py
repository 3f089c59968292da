"""The recorded experiments: a catalogue of studies, a runner that resumes, and published records.

Importing this package imports neither TensorFlow nor Keras; running a study does.
"""

from companion.experiments.catalogue import STUDIES
from companion.experiments.cluster import dask_executor
from companion.experiments.cluster_executor import ClusterError
from companion.experiments.executors import InlineExecutor, process_pool
from companion.experiments.record import Record, RecordError, load, publish
from companion.experiments.runner import StudyBusyError, run
from companion.experiments.status import StudyStatus, status
from companion.experiments.store import DamagedRunError, Identity, Run, StaleRunError
from companion.experiments.study import Study

__all__ = [
    "STUDIES",
    "ClusterError",
    "DamagedRunError",
    "Identity",
    "InlineExecutor",
    "Record",
    "RecordError",
    "Run",
    "StaleRunError",
    "Study",
    "StudyBusyError",
    "StudyStatus",
    "dask_executor",
    "load",
    "process_pool",
    "publish",
    "run",
    "status",
]
