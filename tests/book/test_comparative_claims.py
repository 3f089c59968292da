"""A claim that compares arms of records fails where the arms are exchanged.

Of every chapter the cells tagged `imports` and `recorded` are executed, as they are and then with
the arms of the records exchanged. A claim compares if its evidence is a record with two or more
arms, or several records; it must fail under at least one exchange. A sentence that rests on such a
record but compares nothing names its evidence in words (`record.evidence`).
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt

from companion import claims, experiments
from companion.experiments import Record

TAGS = {"imports", "recorded"}
FEW = 3  # up to so many arms every exchange is tried, beyond it reversal and rotations
Cells = Sequence[Mapping[str, Any]]
Load = Callable[[str], Record]
load = cache(experiments.load)


@dataclass(frozen=True)
class Stated:
    """A claim as a chapter states it, with the records that are its evidence."""

    id: str
    holds: bool
    records: tuple[Record, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(record.name for record in self.records)

    @property
    def compares(self) -> bool:
        return sum(len(record.arms) for record in self.records) > 1


def tags_of(cell: Mapping[str, Any]) -> set[str]:
    return set(cell["metadata"].get("tags", []))


def stated_claims(cells: Cells, load: Load) -> list[Stated]:
    """Execute the tagged cells with these records and return what they claim, true or not."""
    stated: list[Stated] = []

    def note(id, sentence, holds, evidence, *, numbers=None):  # noqa: A002 - as `claim` has it
        parts = evidence if isinstance(evidence, Sequence) else [evidence]
        records = tuple(part for part in parts if isinstance(part, Record))
        stated.append(Stated(id, bool(holds), records))

    with pytest.MonkeyPatch.context() as patch, mpl.rc_context():
        patch.setattr(experiments, "load", load)
        patch.setattr(claims, "claim", note)
        patch.setattr(plt, "show", lambda: plt.close("all"))
        namespace: dict[str, Any] = {}
        for cell in cells:
            if tags_of(cell) & TAGS:
                exec("".join(cell["source"]), namespace)  # noqa: S102
        plt.close("all")
    return stated


def never_failing(cells: Cells, load: Load) -> list[str]:
    """Return the ids of the claims that compare arms and hold however these are exchanged."""
    compared = [claim for claim in stated_claims(cells, load) if claim.compares]
    left = {claim.id: claim for claim in compared}
    for records in {claim.names: claim.records for claim in compared}.values():
        names = tuple(record.name for record in records)
        for exchange in exchanges(records):
            if not any(claim.names == names for claim in left.values()):
                break
            for claim in stated_claims(
                cells, lambda name, new=exchange: new.get(name) or load(name)
            ):
                if claim.names == names and not claim.holds:
                    left.pop(claim.id, None)
    return list(left)


def exchanges(records: Sequence[Record]) -> Iterator[dict[str, Record]]:
    """Yield the records, by name, with their arms' labels exchanged in one way after the other."""
    places = [(record, arm) for record in records for arm in record.arms]
    for order in orders(len(places)):
        runs: dict[str, list[dict[str, Any]]] = {record.name: [] for record in records}
        for (record, arm), origin in zip(places, order, strict=True):
            moved = zip(runs_of(*places[origin]), record.seeds, strict=True)
            runs[record.name] += [{**run, "arm": arm, "seed": seed} for run, seed in moved]
        yield {r.name: Record({**r.content, "runs": runs[r.name]}) for r in records}


def orders(count: int) -> list[tuple[int, ...]]:
    unchanged = tuple(range(count))
    if count <= FEW:
        return [order for order in itertools.permutations(unchanged) if order != unchanged]
    return [unchanged[::-1], *(unchanged[i:] + unchanged[:i] for i in unchanged[1:])]


def runs_of(record: Record, arm: str) -> list[Mapping[str, Any]]:
    return [run for run in record.content["runs"] if run["arm"] == arm]


@pytest.fixture(scope="module", autouse=True)
def no_window():
    mpl.use("Agg")


def test_claims_on_records_hold(chapter):
    stated = stated_claims(chapter.code_cells, load)
    assert [claim.id for claim in stated if not claim.holds] == []


def test_comparisons_fail_where_the_arms_are_exchanged(chapter):
    assert never_failing(chapter.code_cells, load) == []


def test_the_book_compares_within_and_between_records(all_chapters):
    stated = [claim for each in all_chapters for claim in stated_claims(each.code_cells, load)]
    assert {len(claim.records) > 1 for claim in stated if claim.compares} == {True, False}


def test_claims_on_records_stand_in_tagged_cells(chapter):
    """Elsewhere the test above would not see them."""
    strays = [
        claim["id"]
        for cell in chapter.code_cells
        for output in cell["outputs"]
        if (claim := output.get("metadata", {}).get("companion_claim"))
        and claim["evidence"].startswith("record ")
        and "recorded" not in tags_of(cell)
    ]
    assert strays == []


def test_untagged_cells_load_no_record(chapter):
    loading = [
        "".join(cell["source"])
        for cell in chapter.code_cells
        if "experiments.load(" in "".join(cell["source"]) and "recorded" not in tags_of(cell)
    ]
    assert loading == []


IMPORTS = "from companion import claim, experiments\nr = experiments.load('two')\n"


def toy_record(name: str, **finals: float) -> Record:
    """A record with three seeds whose arms end at these values, a little more with each seed."""
    runs = [
        {"arm": arm, "seed": seed, "history": {"x": [0.0, final + seed / 100]}}
        for seed in (1, 2, 3)
        for arm, final in finals.items()
    ]
    return Record({"name": name, "seeds": [1, 2, 3], "runs": runs})


RECORDS = {
    record.name: record
    for record in (
        toy_record("two", small=1, big=2),
        toy_record("four", a=1, b=2, c=3, d=4),
        toy_record("here", only=5),
        toy_record("there", other=6),
    )
}


def toy_cells(*sources: str, tags: Sequence[str] = ("recorded",)) -> Cells:
    sources = (IMPORTS + "f = lambda name, arm: experiments.load(name).final(arm, 'x')", *sources)
    return [{"metadata": {"tags": list(tags)}, "source": source} for source in sources]


@pytest.mark.parametrize(
    ("holds", "evidence"),
    [
        ("(f('two', 'small') < f('two', 'big')).all()", "r"),
        ("f('two', 'small').mean() < 1.5", "r"),
        ("f('four', 'a')[0] < f('four', 'b')[0]", "experiments.load('four')"),
        ("f('four', 'b').mean() < 2.5", "experiments.load('four')"),
        (
            "f('here', 'only')[0] < f('there', 'other')[0]",
            "(experiments.load('here'), experiments.load('there'))",
        ),
    ],
)
def test_a_claim_that_can_fail_is_accepted(holds, evidence):
    cells = toy_cells(f"claim('a/b', 'So.', {holds}, {evidence})")
    assert [claim.holds for claim in stated_claims(cells, RECORDS.get)] == [True]
    assert never_failing(cells, RECORDS.get) == []


@pytest.mark.parametrize(
    ("holds", "evidence"),
    [
        ("True", "r"),
        ("(f('two', 'small') != f('two', 'big')).all()", "r"),
        ("f('four', 'b').mean() < 9", "experiments.load('four')"),
        ("f('here', 'only')[0] < 9", "(experiments.load('here'), experiments.load('there'))"),
        ("f('two', 'small')[0] < f('two', 'big')[0]", "experiments.load('four')"),
    ],
)
def test_a_claim_that_cannot_fail_is_found(holds, evidence):
    cells = toy_cells(
        "claim('a/good', 'So.', f('two', 'small')[0] < f('two', 'big')[0], r)",
        f"claim('a/bad', 'So.', {holds}, {evidence})",
    )
    assert never_failing(cells, RECORDS.get) == ["a/bad"]


@pytest.mark.parametrize("evidence", ["r.evidence", "'exact'", "experiments.load('here')"])
def test_what_compares_nothing_need_not_fail(monkeypatch, evidence):
    monkeypatch.setattr(Record, "evidence", "record")
    cells = toy_cells(f"claim('a/b', 'So.', True, {evidence})")
    assert [claim.compares for claim in stated_claims(cells, RECORDS.get)] == [False]
    assert never_failing(cells, RECORDS.get) == []


def test_other_cells_are_not_executed():
    assert stated_claims(toy_cells("1 / 0", tags=()), RECORDS.get) == []


def test_all_exchanges_of_few_and_some_of_many():
    assert orders(2) == [(1, 0)]
    assert len(orders(3)) == 5
    assert orders(4) == [(3, 2, 1, 0), (1, 2, 3, 0), (2, 3, 0, 1), (3, 0, 1, 2)]


def test_an_exchange_moves_values_and_nothing_else():
    one, other = RECORDS["here"], RECORDS["there"]
    (new,) = exchanges([one, other])
    assert new["here"].final("only", "x").tolist() == other.final("other", "x").tolist()
    assert new["there"].final("other", "x").tolist() == one.final("only", "x").tolist()
    assert (new["here"].arms, new["here"].seeds) == (one.arms, one.seeds)
    (new,) = exchanges([RECORDS["two"]])
    assert new["two"].arms == ("small", "big")
    assert new["two"].final("small", "x").tolist() == [2.01, 2.02, 2.03]
