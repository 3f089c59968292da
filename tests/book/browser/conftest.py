"""The site in Chromium, served from this machine, with everything else out of reach."""

import os
import posixpath
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
MISSING = (
    f"There is no browser: none of {', '.join(PROGRAMS)} is on the PATH. Install one, on Debian "
    "with: apt-get install --no-install-recommends chromium."
)
# As root, which containers often run as, Chromium has no sandbox; it sees nothing but the site.
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
LINK = re.compile(r'<a\b[^>]*\bhref="([^"#?:]+\.html)')
# The network is off: whatever is not this machine goes through a proxy that does not exist.
NOWHERE = {"server": "http://127.0.0.1:9", "bypass": "127.0.0.1"}
DESKTOP = {"width": 1280, "height": 800}
PATIENCE = 60_000  # ms; a busy machine is slow, a broken page never gets there
READY = """async () => {
  await document.fonts.ready;
  await window.MathJax?.startup?.promise;
}"""


def browser_path(find: Callable[[str], str | None], environment: Mapping[str, str]) -> str | None:
    """Return the system's browser; without one skip, or fail in continuous integration.

    The Makefile sets CI to "make" where nobody has set it, for the sake of quiet tests.
    """
    path = next(filter(None, map(find, PROGRAMS)), None)
    if path is None:
        in_ci = environment.get("CI", "make") not in {"", "make"}
        (pytest.fail if in_ci else pytest.skip)(MISSING)
    return path


class QuietHandler(SimpleHTTPRequestHandler):
    """Serve files without a line for each in the tests' output."""

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@dataclass
class Tab:
    """A tab of the browser, and what went wrong in it since a page was opened."""

    page: Page
    base: str
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.page.on("request", self.note_request)
        self.page.on("console", self.note_message)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("response", self.note_response)

    def note_request(self, request: Request) -> None:
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.outside.append(request.url)

    def note_message(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.errors.append(f"{message.type}: {message.text} ({message.location['url']})")

    def note_response(self, response: Response) -> None:
        if response.status >= 400:
            self.errors.append(f"{response.status} {response.url}")

    def open(self, address: str) -> None:
        """Open a page of the site, such as `book/index.html`, and wait until it is all there."""
        self.errors.clear()
        self.outside.clear()
        self.page.goto(f"{self.base}/{address}")
        self.page.evaluate(READY)


@pytest.fixture(scope="session")
def address(site) -> Iterator[str]:
    """Serve the site; return its address."""
    handler = partial(QuietHandler, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def browser_rule() -> Callable[..., str | None]:
    return browser_path


@pytest.fixture(scope="session")
def browser_program(browser_rule) -> str | None:
    return browser_rule(shutil.which, os.environ)


@pytest.fixture(scope="module")
def browser(browser_program) -> Iterator[Browser]:
    """One browser a module: Playwright's event loop must not outlive it in the tests' process."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_program, args=ARGUMENTS, proxy=NOWHERE
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def tab(browser, address) -> Iterator[Tab]:
    """A tab for all tests of a module; those that leave traces take `fresh_tab`."""
    yield from open_tab(browser, address)


@pytest.fixture
def fresh_tab(browser, address) -> Iterator[Tab]:
    """A tab of its own, without any memory."""
    yield from open_tab(browser, address)


def open_tab(browser: Browser, address: str) -> Iterator[Tab]:
    """Yield a tab; motion is off, so that nothing is measured half-way."""
    context = browser.new_context(
        viewport=DESKTOP, color_scheme="light", reduced_motion="reduce", accept_downloads=True
    )
    context.set_default_timeout(PATIENCE)
    yield Tab(context.new_page(), address)
    context.close()


@pytest.fixture(scope="session")
def sourceless(site, all_pages) -> list[str]:
    """Every page that a reader can click to but no source is named after, and the search page.

    Sphinx writes indexes that no page links; who finds them has left the book.
    """
    reached, waiting = set(), ["index.html", "book/index.html", "search.html"]
    while waiting:
        address = waiting.pop()
        if address not in reached:
            reached.add(address)
            waiting += linked_pages(site, address)
    return sorted(reached - {"index.html"} - {f"book/{page.name}.html" for page in all_pages})


def linked_pages(site: Path, address: str) -> list[str]:
    """Return the pages of the site that a page links."""
    targets = LINK.findall((site / address).read_text("utf-8"))
    paths = [posixpath.normpath(posixpath.join(posixpath.dirname(address), t)) for t in targets]
    return [path for path in paths if (site / path).is_file()]
