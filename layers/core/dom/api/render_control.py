"""How the API shows a control."""

from __future__ import annotations

from dom.api.views import ControlView
from dom.errors import NotFound
from dom.model.clock import to_text
from dom.model.control import Control


def render_control(control: Control | None, control_id: str = "") -> ControlView:
    """The control as the API shows it; NotFound if there is none."""
    if control is None:
        raise NotFound("control", control_id)
    where = control.where
    return {
        "control_id": control.id,
        "kind": control.kind.value,
        "units": control.units,
        "skus": sorted(control.skus),
        "categories": sorted(control.categories),
        "channels": sorted(control.channels),
        "location_ids": sorted(where.locations),
        "groups": sorted(where.groups),
        "location_types": sorted(one.value for one in where.types),
        "starts_at": to_text(control.starts_at) if control.starts_at else None,
        "ends_at": to_text(control.ends_at) if control.ends_at else None,
        "why": control.why,
        "version": control.version,
    }
