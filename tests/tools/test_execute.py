"""tools/execute.py: outputs and facts in one step, or the chapter as it was."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

TOOL = Path(__file__).parents[2] / "tools/execute.py"
DATA = """
from types import SimpleNamespace
data = SimpleNamespace(source="toy", fingerprint="ab12")
same = data"""


@pytest.fixture
def execute(tmp_path):
    """Write a chapter of these cells, execute it, return the process, the notebook, its bytes."""

    def run(*sources):
        path = tmp_path / "chapter.ipynb"
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
        before = path.read_bytes()
        environment = {**os.environ, "PYTHONPATH": str(TOOL.parents[1])}
        command = [sys.executable, str(TOOL), str(path)]
        process = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        return process, nbformat.read(path, as_version=4), path.read_bytes() == before

    return run


def test_outputs_and_facts_are_kept(execute):
    process, notebook, _ = execute(DATA, "print(1 + 1)", "same.source")
    assert process.returncode == 0, process.stderr
    assert [cell.execution_count for cell in notebook.cells] == [1, 2, 3]
    assert notebook.cells[1].outputs[0].text == "2\n"
    facts = notebook.metadata["companion"]
    assert facts["data"] == [{"source": "toy", "fingerprint": "ab12"}]
    assert facts["cores"] == os.cpu_count()
    assert facts["versions"]["python"] == ".".join(map(str, sys.version_info[:3]))
    assert facts["seconds"] >= 0
    assert "timestamps" not in str(notebook.cells)


def test_a_failing_chapter_is_left_as_it_was(execute):
    process, _, unchanged = execute("print('fine')", "1 / 0")
    assert process.returncode == 1
    assert "ZeroDivisionError" in process.stderr
    assert unchanged
