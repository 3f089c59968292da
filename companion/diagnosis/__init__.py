"""Say in words what learning curves show: `diagnose` one run, `compare` arms that share seeds.

Neither imports Keras: a `History` and a plain mapping of metric to values are read alike.
"""

from companion.diagnosis.arms import compare
from companion.diagnosis.run import diagnose
from companion.diagnosis.verdict import Diagnosis

__all__ = ["Diagnosis", "compare", "diagnose"]
