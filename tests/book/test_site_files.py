"""Pages name the files of the site without a version; the build fills it in."""

import re

import pytest
from site_files import project_version, site_files, with_names

import companion


def test_names_follow_the_version():
    files = site_files("1.2.3")
    assert files["wheel"] == "downloads/train_to_generalize-1.2.3-py3-none-any.whl"
    assert files["chapters"] == "downloads/train-to-generalize-1.2.3-chapters.zip"


def test_version_is_the_packages(root):
    assert project_version(root) == companion.__version__


def test_names_are_filled_in():
    files = {"wheel": "downloads/a.whl", "chapters": "downloads/b.zip"}
    assert (
        with_names("get ./|wheel| or |chapters|, |else|", files) == "get ./a.whl or b.zip, |else|"
    )


def test_no_page_spells_a_version(page):
    assert companion.__version__ not in re.sub(r"\d+\.\d+\.\d+\.\d+", "", page.prose)


@pytest.mark.parametrize("page_name", ["index", "reference/your_notebook"])
def test_pages_link_the_files_of_this_version(site, page_name):
    html = (site / f"book/{page_name}.html").read_text("utf-8")
    links = set(re.findall(r'href="(?:\.\./)+((?:downloads/|print)[^"]*)"', html))
    assert links == set(site_files(companion.__version__).values())
    assert [link for link in links if not (site / link).is_file()] == []


def test_commands_name_the_files_of_this_version(site):
    html = (site / "book/reference/your_notebook.html").read_text("utf-8")
    text = re.sub(r"<[^>]+>", "", html)
    assert f"pip install ./train_to_generalize-{companion.__version__}-py3-none-any.whl" in text
    assert f"unzip train-to-generalize-{companion.__version__}-chapters.zip" in text
    assert not re.search(r"\|(wheel|chapters|print)\|", text)
