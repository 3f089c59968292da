"""Without a browser, tests skip and say what to install; where CI is set, they fail."""

import pytest


@pytest.fixture
def path_of(browser_rule):
    """The rule on a machine that has the named programs."""

    def rule(installed, environment):
        programs = {name: f"/usr/bin/{name}" for name in installed}
        return browser_rule(programs.get, environment)

    return rule


def test_any_of_the_usual_programs_will_do(path_of):
    assert path_of(["google-chrome"], {"CI": "1"}) == "/usr/bin/google-chrome"
    assert path_of(["google-chrome", "chromium"], {}) == "/usr/bin/chromium"


def test_no_browser_skips_on_a_readers_machine(path_of):
    with pytest.raises(pytest.skip.Exception, match=r"apt-get install .* chromium"):
        path_of([], {"CI": ""})


def test_no_browser_fails_in_ci(path_of):
    with pytest.raises(pytest.fail.Exception, match=r"apt-get install .* chromium"):
        path_of([], {"CI": "true"})
