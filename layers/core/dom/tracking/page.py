"""The story as one page of HTML: light, for any screen and any reader, without a script."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from dom.tracking.form import form_of
from dom.tracking.going_back import GoingBack
from dom.tracking.shipment import ParcelStory, Shipment, Step
from dom.tracking.story import Rest, Story
from dom.words.language import Language

FOLDER = Path(__file__).parent / "templates"


def page_of(story: Story, language: Language) -> str:
    """The page of an order."""
    parts = [f"<p class=notice role=alert>{escape(story.notice)}</p>"] if story.notice else []
    parts += [form_of(one, language) for one in story.questions]
    parts += [_shipment(one, language) for one in story.shipments]
    parts += [_going_back(one) for one in story.returns] + [_rest(one) for one in story.rests]
    return _page(story.title, story.headline, story.below, "".join(parts), language)


def nothing_page(language: Language) -> str:
    """For a link that leads nowhere (any more)."""
    return _empty("nothing", language)


def later_page(language: Language) -> str:
    """For when the order cannot be read now."""
    return _empty("later", language)


def _empty(name: str, language: Language) -> str:
    said = language.page
    text = f"<p>{escape(said[f'{name}_text'])}</p>"
    return _page(said["nothing_title"], said[f"{name}_headline"], "", text, language)


def _page(title: str, headline: str, below: str, body: str, language: Language) -> str:
    return _template().substitute(
        language=language.code,
        title=escape(title),
        headline=escape(headline),
        below=escape(below),
        body=body,
    )


@cache
def _template() -> Template:
    return Template((FOLDER / "page.html").read_text(encoding="utf-8"))


def _shipment(one: Shipment, language: Language) -> str:
    said = language.page
    facts = [
        _fact(said["when"], one.when),
        _fact(said["where"], one.where),
        _fact(said["open"], one.hours),
        _code(said["code"], one.code),
        _each(said["parcel"], (_parcel(parcel, said["track"]) for parcel in one.parcels)),
    ]
    return (
        f"<section{' class=troubled' if one.troubled else ''}>"
        f"{_heading(one.title, one.state)}"
        f"{_steps(one.steps, language)}"
        f"{_facts(facts)}"
        f"{_list(one.lines)}"
        f"{_events(said['so_far'], one.events)}"
        "</section>"
    )


def _going_back(one: GoingBack) -> str:
    facts = [_fact(what, amount) for what, amount in one.money]
    return f"<section>{_heading(one.title, one.state)}{_facts(facts)}{_list(one.lines)}</section>"


def _heading(title: str, state: str) -> str:
    return f"<h2>{escape(title)}<small>{escape(state)}</small></h2>"


def _facts(facts: Iterable[str]) -> str:
    shown = "".join(facts)
    return f"<dl>{shown}</dl>" if shown else ""


def _steps(steps: Iterable[Step], language: Language) -> str:
    """The way as a list; what color says, words say as well."""
    items = "".join(
        f'<li class="{_kind(step)}"{" aria-current=step" if step.now else ""}>'
        f"<span class=hidden>{escape(_said(step, language))}</span>"
        f"<span aria-hidden=true>{escape(step.name)}</span></li>"
        for step in steps
    )
    return f"<ol class=steps>{items}</ol>"


def _kind(step: Step) -> str:
    return "done" if step.done else "now" if step.now else "open"


def _said(step: Step, language: Language) -> str:
    word = "done" if step.done else "now" if step.now else "to_come"
    return language.show(word, step=step.name)


def _fact(name: str, value: str) -> str:
    return f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" if value else ""


def _code(name: str, code: str) -> str:
    return f"<dt>{escape(name)}</dt><dd class=code>{escape(code)}</dd>" if code else ""


def _each(name: str, values: Iterable[str]) -> str:
    return "".join(f"<dt>{escape(name)}</dt><dd>{value}</dd>" for value in values)


def _parcel(one: ParcelStory, unnamed: str) -> str:
    text = escape(" ".join(filter(None, (one.carrier, one.number))) or unnamed)
    if not one.url:
        return text
    return f'<a href="{escape(one.url)}" rel="noreferrer noopener">{text}</a>'


def _list(lines: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""


def _events(title: str, events: Iterable[tuple[str, str]]) -> str:
    items = "".join(f"<li><span>{escape(when)}</span> {escape(what)}</li>" for when, what in events)
    return f"<h3>{escape(title)}</h3><ol class=events>{items}</ol>" if items else ""


def _rest(one: Rest) -> str:
    return f"<section><h2>{escape(one.title)}</h2>{_list(one.lines)}</section>"
