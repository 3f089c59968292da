"""companion.plotting of landscapes and of paths over them."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from companion import plotting
from companion.landscapes import beale, quadratic_bowl, rosenbrock, saddle
from tests.arguments.arrays import wrong_sample
from tests.arguments.case import Case
from tests.arguments.of_plotting import NUMBERS, OPTIONAL, WRONG, draws_on, labeled, wrong_labeled
from tests.arguments.strategies import anything_but, only, optional

LANDSCAPES = only(beale(), quadratic_bowl(), rosenbrock(), saddle())
PATHS = st.integers(1, 4).flatmap(lambda n: arrays(np.float64, (n, 2), elements=NUMBERS))
PATHS |= PATHS.map(lambda path: path.tolist())
WRONG_PATHS = wrong_labeled(
    wrong_sample(2, (2,)) | only(np.ones((2, 3)), [[0.5]], np.ones(2)), np.ones((2, 2))
)

CASES = [
    Case(
        plotting.plot_landscape,
        st.fixed_dictionaries(
            {"landscape": LANDSCAPES},
            optional={"paths": st.none() | labeled(PATHS), "ax": OPTIONAL["ax"]},
        ),
        {
            "landscape": anything_but() | only(rosenbrock),
            "paths": optional(WRONG_PATHS),
            "ax": WRONG["ax"],
        },
        draws_on,
        summed_up=frozenset({"paths"}),  # the number of labels
        share=0.25,
    ),
    Case(
        plotting.plot_descent,
        st.fixed_dictionaries(
            {"landscape": LANDSCAPES, "paths": labeled(PATHS)}, optional={"ax": OPTIONAL["ax"]}
        ),
        {"landscape": anything_but() | only(rosenbrock), "paths": WRONG_PATHS, "ax": WRONG["ax"]},
        draws_on,
        summed_up=frozenset({"paths"}),
        share=0.25,
    ),
]
