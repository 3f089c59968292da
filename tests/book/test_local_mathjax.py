"""MathJax comes from the installed package, and only the parts that pages load."""

from local_mathjax import PARTS, copy_mathjax, mathjax_source


def test_every_part_is_copied_and_nothing_else(tmp_path):
    source, target = tmp_path / "source", tmp_path / "site" / "mathjax"
    for name in (
        "tex-chtml.js",
        "output/chtml/fonts/woff-v2/a.woff",
        "input/tex/extensions/ams.js",
    ):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(name)
    (source / "a11y.js").write_text("not loaded")
    copy_mathjax(source, target)
    copied = sorted(path.relative_to(target).as_posix() for path in target.rglob("*.*"))
    assert copied == [
        "input/tex/extensions/ams.js",
        "output/chtml/fonts/woff-v2/a.woff",
        "tex-chtml.js",
    ]
    copy_mathjax(source, target)  # a second build finds the files of the first


def test_the_installed_package_has_every_part():
    assert [part for part in PARTS if not (mathjax_source() / part).exists()] == []
