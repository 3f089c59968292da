"""companion.experiments: a toy study on data that only have a name."""

from concurrent.futures import Executor
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
from hypothesis import strategies as st

from companion.experiments import (
    STUDIES,
    InlineExecutor,
    Record,
    Study,
    dask_executor,
    load,
    process_pool,
    publish,
    run,
    status,
)
from tests.arguments.case import Case, Given
from tests.arguments.strategies import (
    NAN,
    anything_but,
    good_text,
    not_a_flag,
    only,
    optional,
    whole_in,
    wrong_choice,
    wrong_folder,
    wrong_text,
    wrong_whole,
    wrong_wholes,
)

NAMES = st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,2}", fullmatch=True)
TRAIN = "companion.experiments.toy:count"
SEED_RANGE = "[1, 2147483647]"
SEEDS = st.lists(whole_in(SEED_RANGE), min_size=1, max_size=3)
CONFIGS = st.fixed_dictionaries(
    {"epochs": st.integers(1, 3)}, optional={"rate": st.floats(0, 1), "note": st.text(max_size=5)}
)
FIELDS = {
    "name": NAMES,
    "question": good_text(),
    "train": st.just(TRAIN),
    "arms": st.dictionaries(NAMES, CONFIGS, min_size=1, max_size=2),
    "seeds": SEEDS | SEEDS.map(tuple) | SEEDS.map(lambda seeds: np.array(seeds, np.int64)),
}
TOY = Study("toy", "?", TRAIN, {"up": {"epochs": 2}}, (1, 2), "cifar-10")  # see conftest.py
WRONG_NAMES = wrong_text | only("A", "a_b", "a b", "../up", "a/b", "-a", "a-", "a\n", "a" * 81, "é")
WRONG_STUDY = anything_but() | only(TOY.arms, Study, "toy")
PLAIN_BUT = [
    {"x": {1}},
    {"x": np.float32(1)},
    {"x": NAN},
    {"x": np.zeros(2)},
    {"x": 1j},
    {"x": len},
]
RECORD = Record(
    {
        "name": "toy",
        "question": "?",
        "seeds": [1, 2],
        "data": {"source": "exact", "fingerprint": "1a" * 32},
        "runs": [
            {
                "arm": arm,
                "seed": seed,
                "history": {"loss": [2.0, 1.0]},
                "provenance": {"seconds": 1},
            }
            for arm in ("low", "high")
            for seed in (1, 2)
        ],
    }
)
ARMS = {"self": st.just(RECORD), "arm": only("low", "high")}
WRONG_ARM = wrong_choice("low", "high")


def every_run(study: Study, given: Given) -> object:
    assert all(type(seed) is int for _, seed in study.runs)
    assert len(set(study.runs)) == len(study.runs) == len(study.seeds) * len(study.arms)
    return study.runs, study.name


def fresh_folders() -> st.SearchStrategy:
    """Folders of their own, as text and as paths, some still to be made."""
    return st.sampled_from(["", "new", "new/er"]).flatmap(
        lambda below: st.builds(lambda kind: kind(Path(mkdtemp(), below)), only(str, Path))
    )


def all_finished(runs: dict, given: Given) -> object:
    assert list(runs) == list(given["study"].runs)
    return {key: one.history for key, one in runs.items()}


def with_finished_runs(work_dir: object) -> st.SearchStrategy:
    run(TOY, work_dir=work_dir)
    return st.fixed_dictionaries(
        {"study": st.just(TOY), "work_dir": st.just(work_dir), "records_dir": fresh_folders()}
    )


def is_a_file(path: Path, given: Given) -> str:
    assert path.is_file()
    return path.name


def shape_of(values: np.ndarray, given: Given) -> object:
    assert len(values) == len(RECORD.seeds)
    return values.tolist()


CASES = [
    Case(
        Study,
        st.fixed_dictionaries(
            FIELDS,
            optional={
                "dataset": st.none() | only("cifar-10"),
                "libraries": only((), ("scikit-learn",)),
            },
        ),
        {
            "name": WRONG_NAMES,
            "question": wrong_text,
            "train": wrong_text | only("math", "math:", ":sqrt", "a:b:c", "a b:c", "x" * 1000),
            "arms": anything_but(dict)
            | WRONG_NAMES.filter(lambda name: name.__hash__ is not None).map(lambda n: {n: {}})
            | anything_but(dict).map(lambda config: {"fine": {}, "wrong": config})
            | only(*({"wrong": config} for config in PLAIN_BUT)),
            "seeds": wrong_wholes(SEED_RANGE),
            "dataset": optional(wrong_text),
            "libraries": anything_but(tuple) | wrong_text.map(lambda text: ("keras-tuner", text)),
        },
        every_run,
    ),
    Case(
        Study.with_seeds,
        st.fixed_dictionaries({"self": st.just(TOY), "seeds": FIELDS["seeds"]}),
        {"seeds": wrong_wholes(SEED_RANGE)},
        every_run,
        owner="study toy",
    ),
    Case(Study.rehearsal, st.fixed_dictionaries({"self": st.just(TOY)}), promise=every_run),
    Case(
        Record.values,
        st.fixed_dictionaries({**ARMS, "metric": only("loss")}),
        {"arm": WRONG_ARM, "metric": wrong_choice("loss")},
        shape_of,
        owner="record toy",
    ),
    Case(
        Record.final,
        st.fixed_dictionaries({**ARMS, "metric": only("loss")}),
        {"arm": WRONG_ARM, "metric": wrong_choice("loss")},
        shape_of,
        owner="record toy",
    ),
    Case(
        Record.seconds,
        st.fixed_dictionaries(ARMS),
        {"arm": WRONG_ARM},
        shape_of,
        owner="record toy",
    ),
    Case(
        load,
        st.fixed_dictionaries({"name": st.sampled_from(list(STUDIES))}),
        {"name": wrong_choice(*STUDIES)},
        lambda record, _: record.evidence,
        share=0.1,
    ),
    Case(InlineExecutor, st.just({})),
    Case(
        process_pool,
        st.fixed_dictionaries(
            {}, optional={"workers": whole_in("[1, 1000]"), "threads": whole_in("[1, 1000]")}
        ),
        {"workers": wrong_whole("[1, 1000]"), "threads": optional(wrong_whole("[1, 1000]"))},
        lambda pool, _: pool.shutdown(),
        whole_ranges={"workers": "[1, 1000]", "threads": "[1, 1000]"},
        share=0.2,
    ),
    Case(
        dask_executor,
        st.fixed_dictionaries(
            {}, optional={"workers": whole_in("[1, 1000]"), "threads": whole_in("[1, 1000]")}
        )
        | st.fixed_dictionaries({"scheduler": st.just("tcp://127.0.0.1:1"), "workers": st.none()}),
        {
            "workers": lambda given: (
                optional(wrong_whole("[1, 1000]")) if given.get("scheduler") is None else st.just(3)
            ),
            "threads": optional(wrong_whole("[1, 1000]")),
            "scheduler": optional(wrong_text),
        },
        whole_ranges={"threads": "[1, 1000]"},
    ),
    Case(
        run,
        st.fixed_dictionaries(
            {"study": st.just(TOY), "work_dir": fresh_folders()},
            optional={
                "executor": st.none() | st.builds(InlineExecutor),
                "allow_stand_in": st.booleans(),
            },
        ),
        {
            "study": WRONG_STUDY,
            "executor": optional(anything_but(Executor)) | only(InlineExecutor, "process"),
            "work_dir": wrong_folder,
            "allow_stand_in": not_a_flag,
        },
        all_finished,
        share=0.3,
    ),
    Case(
        status,
        st.fixed_dictionaries({"study": st.just(TOY), "work_dir": fresh_folders()}),
        {"study": WRONG_STUDY, "work_dir": wrong_folder},
        lambda now, _: (now.total, now.finished),
        share=0.3,
    ),
    Case(
        publish,
        fresh_folders().flatmap(with_finished_runs),
        {"study": WRONG_STUDY, "work_dir": wrong_folder, "records_dir": wrong_folder},
        is_a_file,
        share=0.2,
    ),
]
