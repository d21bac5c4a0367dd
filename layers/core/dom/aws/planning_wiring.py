"""Ports of deciding about proposals, made from settings."""

from __future__ import annotations

from dataclasses import dataclass

from dom.aws.clients import client
from dom.aws.rebalancing_store import ProposalStore
from dom.aws.stock_store import StockStore
from dom.aws.supply_wiring import supply_dock
from dom.inventory.supply.order import place
from dom.inventory.supply.ports import Dock
from dom.model.clock import system_clock
from dom.model.rebalancing import Proposal
from dom.model.supply import SupplyKind, SupplyLine, SupplyOrder
from dom.planning.propose import Desk
from dom.settings import Settings


@dataclass(frozen=True, slots=True)
class DockTransfers:
    """`dom.planning.propose.Transfers`: transfers as their own use case makes them."""

    dock: Dock

    def place(self, proposal: Proposal) -> None:
        """See the port."""
        lines = tuple(SupplyLine(line.sku, line.units) for line in proposal.lines)
        wanted = SupplyOrder(
            proposal.transfer_id,
            SupplyKind.TRANSFER,
            proposal.to,
            proposal.reference,
            lines,
            self.dock.clock(),
            proposal.decided_by,
            proposal.origin,
        )
        place(wanted, self.dock)


def proposal_desk(settings: Settings) -> tuple[Desk, ProposalStore]:
    """What deciding needs, and the store that lists."""
    dynamodb, table = client("dynamodb"), settings.inventory_table
    store, stock = ProposalStore(dynamodb, table), StockStore(dynamodb, table)
    transfers = DockTransfers(supply_dock(settings)[0])
    return Desk(store, transfers, stock, system_clock), store
