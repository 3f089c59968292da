"""Collect the claims of all chapters into one ledger, and link claims and ledger both ways.

A claim displays itself in its chapter; the output's metadata `companion_claim` holds its data. So
the ledger is read from the committed outputs alone: building it runs nothing. The directive
`{claims-ledger}` lists the claims by chapter, the role {claim}`chapter/slug` in prose links to one,
and every claim on a page gets a link to its row in the ledger.
"""

import html
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.roles import XRefRole
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

LEDGER_PAGE = "book/reference/claims"
MARK = "✓"
DIGITS = 4  # as the claim itself shows
BADGE = re.compile(r'<div class="claim"[^>]*? data-claim="([^"]+)"[^>]*>.*?(?=</div>)', re.DOTALL)
RECORD = re.compile(r"\brecord ([a-z0-9-]+)(?=,)")
TITLE = re.compile(r"^# +(.+?) *$", re.MULTILINE)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claim:
    """One checked sentence of the book and the page it stands on."""

    id: str
    sentence: str
    evidence: str
    numbers: Mapping[str, float]
    docname: str
    chapter: str

    @property
    def anchor(self) -> str:
        """Anchor of the claim in its chapter."""
        return "claim-" + self.id.replace("/", "-")

    @property
    def row(self) -> str:
        """Anchor of the claim's row in the ledger."""
        return row_anchor(self.id)


def row_anchor(claim_id: str) -> str:
    """Return the anchor of a claim's row in the ledger."""
    return "ledger-" + claim_id.replace("/", "-")


def read_claims(notebook: Mapping[str, Any], docname: str) -> Iterator[Claim]:
    """Yield the claims in a notebook's committed outputs, in reading order."""
    chapter = read_title(notebook)
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            data = output.get("metadata", {}).get("companion_claim")
            if data:
                fields = (data["id"], data["sentence"], data["evidence"], data["numbers"])
                yield Claim(*fields, docname, chapter)


def read_title(notebook: Mapping[str, Any]) -> str:
    """Return the first top-level heading of a notebook."""
    prose = (c["source"] for c in notebook["cells"] if c["cell_type"] == "markdown")
    match = TITLE.search("\n".join("".join(source) for source in prose))
    return match[1] if match else ""


def repeated(claims: Iterable[Claim]) -> list[str]:
    """Return the anchors that more than one claim would have."""
    counts = Counter(claim.anchor for claim in claims)
    return [anchor for anchor, count in counts.items() if count > 1]


def link_badges(body: str, href: Callable[[str], str]) -> str:
    """Return a page's HTML with a link in every claim to its row; `href` takes the row's anchor."""

    def with_link(match: re.Match[str]) -> str:
        target = html.escape(href(row_anchor(html.unescape(match[1]))))
        label = f"Claim {match[1]} in the ledger"
        return f'{match[0]}<a class="claim-link" href="{target}" aria-label="{label}">ledger</a>'

    return BADGE.sub(with_link, body)


class ClaimsLedger(SphinxDirective):
    """`{claims-ledger}`: every claim of the book, by chapter."""

    def run(self) -> list[nodes.Node]:
        """Return one section a chapter."""
        self.env.note_reread()  # the claims live in other files
        by_chapter: dict[str, list[Claim]] = {}
        for claim in self.env.book_claims.values():
            by_chapter.setdefault(claim.docname, []).append(claim)
        count = f"{len(self.env.book_claims)} claims in {len(by_chapter)} chapters."
        return [nodes.paragraph(text=count), *map(_section, by_chapter.values())]


def _section(claims: list[Claim]) -> nodes.section:
    title = nodes.title(text=claims[0].chapter)
    name = claims[0].docname.removeprefix("book/").replace("/", "-")
    rows = nodes.bullet_list("", *map(_row, claims), classes=["claims-ledger"])
    return nodes.section("", title, rows, ids=[f"ledger-{name}"])


def _row(claim: Claim) -> nodes.list_item:
    sentence = nodes.paragraph(text=claim.sentence, classes=["claim-sentence"])
    place = _xref("", "claim", claim.id, nodes.literal(text=claim.id))
    figures = [f"{name} {value:.{DIGITS}g}" for name, value in claim.numbers.items()]
    details = nodes.Text("".join(f" · {each}" for each in figures) + " · ")
    evidence = link_records(claim.evidence)
    line = nodes.paragraph("", "", place, details, *evidence, classes=["claim-evidence"])
    return nodes.list_item("", sentence, line, ids=[claim.row])


def link_records(evidence: str) -> list[nodes.Node]:
    """Return a claim's evidence with every record that it names as a link to the records page."""
    before, *parts = RECORD.split(evidence)
    linked: list[nodes.Node] = [nodes.Text(before)]
    for name, rest in zip(parts[::2], parts[1::2], strict=True):
        content = nodes.inline(text=f"record {name}")
        linked += [_xref("std", "ref", f"record-{name}", content), nodes.Text(rest)]
    return linked


def _xref(domain: str, kind: str, target: str, content: nodes.Node) -> pending_xref:
    options = {"refdomain": domain, "reftype": kind, "refexplicit": True, "refwarn": True}
    return pending_xref("", content, reftarget=target, **options)


class ClaimRole(XRefRole):
    """{claim}`chapter/slug`: a check mark that links to the claim."""

    def process_link(
        self, env: BuildEnvironment, _node: nodes.Element, explicit: bool, title: str, target: str
    ) -> tuple[str, str]:
        """Show the mark and re-read the page when the claim's chapter changes."""
        if target in env.book_claims:
            env.note_dependency(env.doc2path(env.book_claims[target].docname))
        return (title if explicit else MARK), target


def resolve_claim(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.Element
) -> nodes.reference | None:
    """Return the link to a claim; None lets Sphinx warn that there is no such claim."""
    claim = env.book_claims.get(node["reftarget"])
    if node["reftype"] != "claim" or claim is None:
        return None
    if content.astext() == MARK:
        content += nodes.inline(text="checked claim", classes=["visually-hidden"])
    places = (node.get("refdoc", LEDGER_PAGE), claim.docname, claim.anchor)
    return make_refnode(app.builder, *places, content, title=claim.sentence)


def collect_claims(app: Sphinx, env: BuildEnvironment, _docnames: list[str]) -> None:
    """Read the claims of all notebooks of the book before any page is read."""
    pages = [name for name in app.config.external_site_map if name in env.found_docs]
    notebooks = [name for name in pages if env.doc2path(name).endswith(".ipynb")]
    claims = [claim for docname in notebooks for claim in read_claims(_load(env, docname), docname)]
    for anchor in repeated(claims):
        logger.warning("more than one claim of the book has the anchor %r", anchor)
    env.book_claims = {claim.id: claim for claim in claims}


def _load(env: BuildEnvironment, docname: str) -> Any:
    return json.loads(Path(env.doc2path(docname)).read_text(encoding="utf-8"))


def link_to_ledger(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Give every claim on a page a link to its row in the ledger."""
    if "body" in context and LEDGER_PAGE in app.env.found_docs:
        page = _ledger_uri(app.builder, pagename)
        context["body"] = link_badges(context["body"], lambda row: f"{page}#{row}")


def _ledger_uri(builder: Builder, pagename: str) -> str:
    return "" if builder.name == "singlehtml" else builder.get_relative_uri(pagename, LEDGER_PAGE)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive, the role and the events."""
    app.add_directive("claims-ledger", ClaimsLedger)
    app.add_role("claim", ClaimRole(innernodeclass=nodes.inline, warn_dangling=True))
    app.connect("env-before-read-docs", collect_claims)
    app.connect("missing-reference", resolve_claim)
    app.connect("html-page-context", link_to_ledger)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
