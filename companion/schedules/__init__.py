"""Learning-rate schedules, one a file: the step in, the learning rate out.

Importing this package imports Keras. Every schedule is a Keras `LearningRateSchedule`: pass it as
an optimizer's `learning_rate`, or call it with a step. Steps are counted from 0, as in Keras, and a
model that is compiled with one is saved and loaded like any other where this package is imported.
"""

from companion.schedules.exponential import Exponential
from companion.schedules.inverse_square_root import InverseSquareRoot
from companion.schedules.one_cycle import OneCycle
from companion.schedules.step_decay import StepDecay
from companion.schedules.warmup_cosine import WarmupCosine

__all__ = ["Exponential", "InverseSquareRoot", "OneCycle", "StepDecay", "WarmupCosine"]
