"""How a diagnosis reads."""

from companion.diagnosis import diagnose
from tests.diagnosis.scripted import FINE


def test_it_reads_as_a_list_of_things_to_try():
    diagnosis = diagnose(FINE)
    lines = str(diagnosis).splitlines()
    assert lines[0] == f"fine: {diagnosis.reason}"
    assert lines[1:] == [f"- {sentence}" for sentence in diagnosis.advice]
    assert repr(diagnosis) == str(diagnosis)
