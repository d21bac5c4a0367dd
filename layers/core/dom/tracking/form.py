"""A question as a form of HTML, which works without a script and is read aloud as one group."""

from __future__ import annotations

from html import escape

from dom.tracking.choice import Question
from dom.words.language import Language


def form_of(one: Question, language: Language) -> str:
    """The section that asks it."""
    said = language.page
    lines = "".join(f"<li>{escape(line)}</li>" for line in one.lines)
    answers = "".join(
        f'<label><input type=radio name=choice value="{escape(value)}" required> '
        f"<span>{escape(words)}</span></label>"
        for value, words in one.answers
    )
    return (
        "<section class=troubled>"
        f"<h2>{escape(said['choose_title'])}</h2><ul>{lines}</ul><p>{escape(one.until)}</p>"
        f'<form method=post><input type=hidden name=group value="{escape(one.ship_group_id)}">'
        f"<fieldset><legend>{escape(said['choose_legend'])}</legend>{answers}</fieldset>"
        f"<button>{escape(said['choose_button'])}</button></form></section>"
    )
