"""The story as one page of HTML: light, for any screen and any reader, without a script."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from dom.tracking.shipment import ParcelStory, Shipment, Step
from dom.tracking.story import Rest, Story

FOLDER = Path(__file__).parent / "templates"


def page_of(story: Story) -> str:
    """The page of an order."""
    parts = [_shipment(one) for one in story.shipments] + [_rest(one) for one in story.rests]
    return _page(
        f"Order {story.order_name}",
        story.headline,
        f"Ordered on {story.placed_on}",
        "".join(parts),
    )


def nothing_page() -> str:
    """For a link that leads nowhere (any more)."""
    text = "<p>The link may be incomplete: copy all of it from the mail, or ask the shop.</p>"
    return _page("Your order", "There is nothing at this link.", "", text)


def later_page() -> str:
    """For when the order cannot be read now."""
    text = "<p>Please load the page again in a moment.</p>"
    return _page("Your order", "We cannot show your order right now.", "", text)


def _page(title: str, headline: str, below: str, body: str) -> str:
    return _template().substitute(
        title=escape(title), headline=escape(headline), below=escape(below), body=body
    )


@cache
def _template() -> Template:
    return Template((FOLDER / "page.html").read_text(encoding="utf-8"))


def _shipment(one: Shipment) -> str:
    facts = [
        _fact("When", one.when),
        _fact("Where", one.where),
        _fact("Open", one.hours),
        _code(one.code),
        _each("Parcel", map(_parcel, one.parcels)),
    ]
    shown = "".join(facts)
    return (
        f"<section{' class=troubled' if one.troubled else ''}>"
        f"<h2>{escape(one.title)}<small>{escape(one.state)}</small></h2>"
        f"{_steps(one.steps)}"
        f"{f'<dl>{shown}</dl>' if shown else ''}"
        f"{_list(one.lines)}"
        f"{_events(one.events)}"
        "</section>"
    )


def _steps(steps: Iterable[Step]) -> str:
    """The way as a list; what color says, words say as well."""
    items = "".join(
        f'<li class="{_kind(step)}"{" aria-current=step" if step.now else ""}>'
        f"<span class=hidden>{_said(step)}</span>{escape(step.name)}</li>"
        for step in steps
    )
    return f"<ol class=steps>{items}</ol>"


def _kind(step: Step) -> str:
    return "done" if step.done else "now" if step.now else "open"


def _said(step: Step) -> str:
    return "Done: " if step.done else "Now: " if step.now else "Still to come: "


def _fact(name: str, value: str) -> str:
    return f"<dt>{name}</dt><dd>{escape(value)}</dd>" if value else ""


def _code(code: str) -> str:
    return f"<dt>Your code</dt><dd class=code>{escape(code)}</dd>" if code else ""


def _each(name: str, values: Iterable[str]) -> str:
    return "".join(f"<dt>{name}</dt><dd>{value}</dd>" for value in values)


def _parcel(one: ParcelStory) -> str:
    text = escape(" ".join(filter(None, (one.carrier, one.number))) or "Track it")
    if not one.url:
        return text
    return f'<a href="{escape(one.url)}" rel="noreferrer noopener">{text}</a>'


def _list(lines: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


def _events(events: Iterable[tuple[str, str]]) -> str:
    items = "".join(f"<li><span>{escape(when)}</span> {escape(what)}</li>" for when, what in events)
    return f"<h3>So far</h3><ol class=events>{items}</ol>" if items else ""


def _rest(one: Rest) -> str:
    return f"<section><h2>{escape(one.title)}</h2>{_list(one.lines)}</section>"
