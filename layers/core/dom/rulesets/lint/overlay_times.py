"""Overlays that have ended, never start, or mean a local time where there is no locality."""

from __future__ import annotations

from collections.abc import Iterator

from dom.model.overlay import AT_LOCATION
from dom.model.versions import Finding
from dom.rulesets.lint.finding import Matter, error, warning
from dom.rulesets.lint.scopes import is_about_locations, replaces, span


def check(matter: Matter) -> Iterator[Finding]:
    """Findings in the order in which overlays apply."""
    for named in matter.named:
        overlay = named.overlay
        if overlay is None:
            continue
        if overlay.ends <= overlay.starts:
            text = f"it ends at {overlay.ends}, which is not after its start: it never begins"
            yield error("overlay_never_starts", f"{named.path}.ends", text)
        elif span(overlay)[1] <= matter.now:
            text = f"it ended at {overlay.ends} and changes nothing any more"
            yield warning("overlay_ended", f"{named.path}.ends", text)
        demand = [e for e in replaces(overlay.rule.change) if not is_about_locations(e)]
        if overlay.timezone == AT_LOCATION and demand:
            text = f"it changes {', '.join(demand)}, which are no location's: name a time zone"
            yield error("overlay_without_place", f"{named.path}.timezone", text)
