"""Goods are graded: what becomes of each unit, its stock and its refund, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dom.errors import InvalidInput
from dom.model.ids import LocationId
from dom.model.order import Order
from dom.model.product import Assortment
from dom.model.return_terms import Condition, Disposition, ReturnStatus, ShipsOn
from dom.model.rma import Grade, Return, check_edge, noted
from dom.model.totals import unit_value
from dom.returns.change import Change, change_return, remembered
from dom.returns.exchange import paid_instead, with_release
from dom.returns.journal import of_inspection, posted
from dom.returns.money import Due
from dom.returns.pay import paid
from dom.returns.ports import Returning
from dom.returns.receive import line_of, waiting
from dom.returns.restock import restocked
from dom.returns.signals import graded


@dataclass(frozen=True, slots=True)
class Found:
    """Units of a line in a condition. `disposition`: the inspector's word instead of the rules'."""

    line_id: str
    quantity: int
    condition: Condition
    photos: tuple[str, ...] = ()
    disposition: Disposition | None = None


@dataclass(frozen=True, slots=True)
class Inspection:
    """What one inspection found. `location_id` None: where the goods were received last."""

    found: tuple[Found, ...]
    location_id: LocationId | None = None
    request_id: str = ""


def inspect(name: str, inspection: Inspection, actor: str, ports: Returning) -> Return:
    """Grade received units; what can be sold as new is on sale with the same write.

    NotFound; IllegalTransition: nothing is there to inspect; InvalidInput names the line that has
    fewer units received and not inspected.
    """

    def decide(record: Return, order: Order) -> Change | None:
        if inspection.request_id and inspection.request_id in record.requests:
            return None
        check_edge(record, ReturnStatus.INSPECTED)
        change = _inspected(record, order, inspection, actor, ports)
        return remembered(change, inspection.request_id)

    return change_return(name, decide, ports)


def _inspected(
    record: Return, order: Order, inspection: Inspection, actor: str, ports: Returning
) -> Change:
    now, policy = ports.clock(), ports.rules.returns
    record, order = paid_instead(record, order, ports)
    known = ports.stock.assortment({x.sku for x in record.lines if x.sku})
    grades = _grades(record, order, inspection, known, ports)
    record = replace(record, grades=(*record.grades, *grades), status=ReturnStatus.INSPECTED)
    record = noted(record, now, "ReturnInspected", actor, graded=[_told(x) for x in grades])
    record = posted(record, now, actor, "inspection", of_inspection(grades, known.products))
    record = waiting(record, now, ports)
    dues = _dues(record, grades, policy.condition_percent)
    order, record = paid(order, record, dues, actor, now, policy)
    if record.status is ReturnStatus.DISPOSED:
        record = noted(record, now, "ReturnDisposed", actor)
    stock = restocked(record, grades, ports)
    change = Change("inspected", now, actor, record, order, stock, tallies=graded(grades, now))
    return with_release(change, ShipsOn.INSPECTION, ports) if record.accounted else change


def _grades(
    record: Return, order: Order, inspection: Inspection, known: Assortment, ports: Returning
) -> tuple[Grade, ...]:
    policy, now = ports.rules.returns, ports.clock()
    where = inspection.location_id or record.location_id
    if where is None:
        raise InvalidInput("location_id", "the return was received nowhere")
    grades: list[Grade] = []
    for i, found in enumerate(inspection.found):
        line = line_of(record, found.line_id, f"lines.{i}.line_id")
        earlier = sum(x.quantity for x in grades if x.line_id == found.line_id)
        left = line.received - record.graded(line.line_id) - earlier
        if not 0 < found.quantity <= left:
            raise InvalidInput(f"lines.{i}.quantity", f"{left} of this line wait for inspection")
        product = known.products.get(line.sku) if line.sku else None
        category, value = product.category if product else "", unit_value(order.line(line.line_id))
        ruled = policy.disposition(found.condition, category, value)
        disposition = found.disposition or ruled
        why = "by rule" if disposition is ruled else f"by the inspector (rule: {ruled.value})"
        grades.append(
            Grade(
                found.line_id,
                found.quantity,
                found.condition,
                disposition,
                where,
                now,
                line.sku,
                found.photos,
                why,
            )
        )
    return tuple(grades)


def _dues(record: Return, grades: Iterable[Grade], percent: object) -> list[Due]:
    """What was inspected and is not paid yet; units paid in advance are not paid again."""
    shares: dict[Condition, int] = dict(percent)  # type: ignore[call-overload]
    dues: list[Due] = []
    paid_for: dict[str, int] = {}
    for grade in grades:
        line = record.line(grade.line_id)
        inspected = record.graded(grade.line_id)
        owed = max(0, inspected - line.refunded) - paid_for.get(grade.line_id, 0)
        units = min(grade.quantity, owed)
        if units > 0:
            paid_for[grade.line_id] = paid_for.get(grade.line_id, 0) + units
            share = shares.get(grade.condition, 100)
            dues.append(Due(grade.line_id, units, share, grade.disposition))
    return dues


def _told(grade: Grade) -> dict[str, object]:
    return {
        "line_id": grade.line_id,
        "sku": grade.sku,
        "quantity": grade.quantity,
        "condition": grade.condition.value,
        "disposition": grade.disposition.value,
    }
