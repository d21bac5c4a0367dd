"""Labels of packed parcels over HTTP: apart from the floor's other steps, for who may read
addresses and spend money.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.api import parcel_labels
from dom.api.app import Api
from dom.api.parcel_labels import LabelBody, ParcelLabelView, render_label
from dom.api.request import Request
from dom.aws.label_wiring import parcel_labels as labels_of
from dom.aws.parcel_labels import ParcelLabels
from dom.aws.wiring import floor
from dom.fulfillment.label import LabelRequest, label_parcel
from dom.fulfillment.ports import Floor
from dom.model import names
from dom.observability import logger, metrics, rules_unreadable
from dom.settings import from_environment

api = Api()


@cache
def _ports() -> tuple[Floor, ParcelLabels]:
    settings = from_environment()
    return floor(settings), labels_of(settings, rules_unreadable)


@api.on(parcel_labels.LABEL)
def label(request: Request) -> ParcelLabelView:
    """Buy one."""
    body, caller = request.optional_body(LabelBody), request.identity
    work_id = names.fulfillment_order_id(request.path["id"])
    wanted, (ports, labels) = LabelRequest(body.parcel, body.weight_grams), _ports()
    work = label_parcel(work_id, wanted, caller.name, caller.location_ids, ports, labels)
    parcel = work.parcels[body.parcel - 1]
    return render_label(work, body.parcel, parcel, labels.files.link(parcel.label))


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a proxy event."""
    return api.answer(event)
