"""Write a rule set down as a new version. Nothing runs with it until it is activated."""

from __future__ import annotations

from dataclasses import replace

from dom.errors import Busy, CommitRefused, Outdated
from dom.model.rules import RuleSet
from dom.model.versions import Ref, Version
from dom.rulesets.ports import Desk
from dom.rulesets.read import latest_number

ATTEMPTS = 6


def put_draft(
    set_id: str, rules: RuleSet, desk: Desk, actor: str, expected: int | None = None
) -> Version:
    """The rules as the next version of that id.

    `expected`: the number that is the newest so far (0: there is none); Outdated if it is not.
    Rejected when it is too large to store, Busy after six conflicts with other writers.
    """
    for _ in range(ATTEMPTS):
        latest = latest_number(set_id, desk.book)
        if expected not in (None, latest):
            raise Outdated("rule set", set_id, expected or 0, latest)
        ref = Ref(set_id, latest + 1)
        draft = Version(ref, replace(rules, version=ref.label), desk.clock(), actor)
        try:
            desk.book.add(draft)
        except CommitRefused:
            continue
        return draft
    raise Busy(f"rule set {set_id} keeps changing")
