"""companion.conversion: Keras optimizers only, and with numbers only."""

import keras
from hypothesis import strategies as st

from companion.conversion import Conversion, ConversionTable, conversion_table
from tests.arguments.case import Case, Given
from tests.arguments.strategies import anything_but, only

KINDS = keras.optimizers
RIGHT = [KINDS.SGD(0.1, momentum=0.9), KINDS.Adagrad(), KINDS.RMSprop(), KINDS.Adam()]
WRONG = only(
    KINDS.SGD,
    KINDS.Lion(),
    KINDS.SGD(clipnorm=1.0),
    KINDS.SGD(clipvalue=1.0),
    KINDS.SGD(global_clipnorm=1.0),
    KINDS.Adam(use_ema=True),
    KINDS.Adam(loss_scale_factor=2.0),
    KINDS.SGD(gradient_accumulation_steps=2),
    KINDS.SGD(KINDS.schedules.CosineDecay(0.1, 10)),
)


def has_a_row_for_each(table: ConversionTable, given: Given) -> str:
    optimizers = given.get("optimizers")
    if isinstance(optimizers, list | tuple):
        assert len(table) == len(optimizers)
    assert all(isinstance(conversion, Conversion) for conversion in table)
    return repr(table)


CASES = [
    Case(
        conversion_table,
        st.fixed_dictionaries(
            {},
            optional={
                "optimizers": st.none()
                | only(*RIGHT)
                | st.lists(only(*RIGHT), min_size=1)
                | only(tuple(RIGHT))
            },
        ),
        {
            "optimizers": anything_but(type(None))
            | WRONG
            | WRONG.map(lambda optimizer: [RIGHT[0], optimizer])
        },
        has_a_row_for_each,
        share=0.5,
    ),
]
