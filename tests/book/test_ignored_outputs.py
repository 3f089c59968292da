"""`nbval-ignore-output` only where an output depends on trained weights or on the data found.

Names are followed through the notebook: whatever is computed from a call that loads data, builds a
network or trains one depends on the machine; a cell that touches none of it can be compared.
"""

import ast

TAG = "nbval-ignore-output"
MACHINE_CALLS = {
    *("load_cifar10", "load_imdb", "fit", "evaluate"),
    *("predict", "train_on_batch", "predict_on_batch"),
    *("build_cnn", "build_mlp", "Sequential", "perf_counter", "status"),
}


def called(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)


def names(tree, context):
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, context)}


def depends_on_machine(tree, tainted):
    return bool(MACHINE_CALLS & set(called(tree)) or tainted & names(tree, ast.Load))


def taint(tree, tainted):
    """Add to `tainted` what the statements of a cell derive from it, functions included."""
    for statement in tree.body:
        if depends_on_machine(statement, tainted):
            tainted |= names(statement, ast.Store)
            if isinstance(statement, ast.FunctionDef):
                tainted.add(statement.name)


def needless(chapter):
    tainted = set()
    for cell, tree in zip(chapter.code_cells, chapter.trees, strict=True):
        taint(tree, tainted)
        if TAG in cell["metadata"].get("tags", []) and not (
            cell["outputs"] and depends_on_machine(tree, tainted)
        ):
            yield cell["execution_count"]


def test_only_outputs_that_depend_on_weights_or_data_are_ignored(chapter):
    assert list(needless(chapter)) == []


def test_following_names_through_a_notebook():
    tainted = set()
    for source in (
        "import numpy as np\nx = np.ones(3)",
        "def train(seed):\n    return build_cnn(seed=seed).fit(x)",
        "history = train(1)\nfor epoch in history.epoch:\n    last = epoch",
    ):
        taint(ast.parse(source), tainted)
    assert tainted == {"train", "history", "epoch", "last"}
    assert depends_on_machine(ast.parse("print(last)"), tainted)
    assert not depends_on_machine(ast.parse("print(x.sum())"), tainted)
