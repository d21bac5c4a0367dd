"""`dom.partners.ports.Desk`: what partners say, done by the use cases of the stages."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from dom.aws.partner_docks import announce
from dom.aws.partner_names import PartnerNames
from dom.aws.partner_stock import PartnerStock
from dom.errors import IllegalTransition, NotFound, Rejected
from dom.fulfillment.ports import Floor
from dom.fulfillment.told.refuse import accept_told, reject_told
from dom.fulfillment.told.ship import ship_told
from dom.inventory.supply.ports import Dock
from dom.model.ids import digest
from dom.model.partner import Partner
from dom.model.told import AcceptanceTold, RejectionTold, ShipmentTold, WorkNamed
from dom.partners.commands import ArrivalTold, Command, Entry, Receipt, StockTold


@dataclass(frozen=True, slots=True)
class PartnerDesk:
    """The floor, the docks, the feeds of stock, and what was sent."""

    floor: Floor
    dock: Dock
    stock: PartnerStock
    names: PartnerNames

    def carry_out(self, command: Command, partner: Partner, entry: Entry, at: datetime) -> str:
        """See the port."""
        actor = f"partner {partner.id}"
        if isinstance(command, ShipmentTold):
            request_id = digest(partner.id, entry.claim, entry.content)
            ship_told(command, request_id, actor, self.floor)
        elif isinstance(command, RejectionTold):
            reject_told(command, actor, self.floor)
        elif isinstance(command, AcceptanceTold):
            accept_told(command, actor, self.floor)
        elif isinstance(command, StockTold):
            return self.stock.drop(command, partner, f"{partner.id}-{entry.claim}", at)
        elif isinstance(command, ArrivalTold):
            announce(command, partner, actor, self.dock)
        else:
            self._hear(command, partner, actor)
        return ""

    def _hear(self, receipt: Receipt, partner: Partner, actor: str) -> None:
        message = self.names.message(partner.id, receipt.control)
        if not message:
            raise Rejected(f"we sent no set of the number {receipt.control[:20]}")
        if receipt.refused:
            raise Rejected(f"the partner cannot use {message}: {receipt.refused}")
        self._taken(message, partner, actor)

    def _taken(self, message: str, partner: Partner, actor: str) -> None:
        """The partner has an order of ours: its warehouse took the work on, unless it is over."""
        work_id = message.rpartition(".")[0]
        told = AcceptanceTold(WorkNamed(work_id, partner.places))
        with suppress(NotFound, IllegalTransition):
            accept_told(told, actor, self.floor)
