"""tools/step.py: one line on success; output, exit code and remedy on failure."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

STEP = Path(__file__).parents[2] / "tools/step.py"
REMEDY = "Turn it off and on again."


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(STEP), *arguments]
    return subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    process = start(folder, *arguments)
    output, _ = process.communicate()
    return process.returncode, output


def test_success_is_one_line_and_the_output_is_kept(tmp_path):
    code, output = run(tmp_path, "spelling", REMEDY, sys.executable, "-c", "print('all well')")
    assert code == 0
    assert output.split()[:2] == ["ok", "spelling"]
    assert output.count("\n") == 1
    assert (tmp_path / ".venv/logs/spelling.log").read_text() == "all well\n"


def test_failure_shows_output_code_and_remedy(tmp_path):
    script = "import sys; print('seen'); print('error', file=sys.stderr); sys.exit(3)"
    code, output = run(tmp_path, "types", REMEDY, sys.executable, "-c", script)
    assert code == 3
    assert output.startswith("failed")
    assert "seen" in output
    assert "error" in output
    assert "exit code 3" in output
    assert output.rstrip().endswith(REMEDY)


def test_tail_shows_the_end_of_the_output_only(tmp_path):
    script = "print(*range(100, 200), sep='\\n'); raise SystemExit(1)"
    _, output = run(tmp_path, "--tail", "2", "pip", REMEDY, sys.executable, "-c", script)
    assert "198\n199\n" in output
    assert "197" not in output


def test_a_command_that_does_not_exist_fails_with_its_name(tmp_path):
    code, output = run(tmp_path, "types", REMEDY, "no-such-program")
    assert code == 127
    assert "no-such-program: No such file" in output


def test_a_name_with_slashes_gives_one_log(tmp_path):
    run(tmp_path, "book/start/x.ipynb", REMEDY, sys.executable, "-c", "")
    assert (tmp_path / ".venv/logs/book-start-x.ipynb.log").exists()


def test_ending_a_step_ends_its_command(tmp_path):
    channel = tmp_path / "channel"
    os.mkfifo(channel)
    script = (
        f"import os, signal; open({str(channel)!r}, 'w').write(str(os.getpid())); signal.pause()"
    )
    step = start(tmp_path, "tests", REMEDY, sys.executable, "-c", script)
    command = int(channel.read_text())
    step.send_signal(signal.SIGTERM)
    step.communicate()
    assert step.returncode == 128 + signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        os.kill(command, 0)
