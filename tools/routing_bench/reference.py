"""One order as a textbook mixed-integer program, solved by HiGHS: what the exact search must equal.

Written without any part of it: a binary for each location and weight break it may send at, one for
each line and location. For orders below the last weight break; stock of a line is all or nothing.
"""

from __future__ import annotations

import highspy
import numpy as np
from dom.sourcing import bits
from dom.sourcing.joint.market import SLOTS, Market
from dom.sourcing.joint.wish import Wish


def solve(wish: Wish, market: Market, seconds: float = 60.0) -> tuple[float, float]:
    """Cost of the best plan found, and a bound of all."""
    model = _Model(wish, market)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (("output_flag", False), ("threads", 1), ("time_limit", seconds)):
        solver.setOptionValue(option, value)
    # Weights are close to each other: a looser tolerance packs more into a break than it holds.
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_feasibility_tolerance", 1e-9)
    solver.setOptionValue("primal_feasibility_tolerance", 1e-9)
    solver.passModel(model.program())
    solver.run()
    info = solver.getInfo()
    return info.objective_function_value, info.mip_dual_bound


class _Model:
    def __init__(self, wish: Wish, market: Market) -> None:
        self.wish = wish
        self.costs: list[float] = []
        self.rows: list[tuple[float, float]] = []
        self.entries: list[tuple[int, int, float]] = []
        self.cover = [self._row(1, 1) for _ in wish.pieces]
        for i, piece in enumerate(wish.pieces):
            self.entries.append((self._column(piece.lost), self.cover[i], 1))
        slots = market.at_least(SLOTS, 1) & wish.allowed
        able = [market.at_least(p.sku, p.quantity) & slots & ~p.barred for p in wish.pieces]
        for g, group in enumerate(wish.groups):
            for place in bits.members(group):
                if any(places >> place & 1 for places in able):
                    self._location(g, [i for i, there in enumerate(able) if there >> place & 1])

    def _column(self, cost: float) -> int:
        self.costs.append(cost)
        return len(self.costs) - 1

    def _row(self, low: float, high: float) -> int:
        self.rows.append((low, high))
        return len(self.rows) - 1

    def _location(self, g: int, lines: list[int]) -> None:
        """It sends at one break at most, no more than that holds, and only if it sends at all."""
        tariff, pieces = self.wish.tariff, self.wish.pieces
        once, holds = self._row(-highspy.kHighsInf, 1), self._row(-highspy.kHighsInf, 0)
        opens = [self._row(-highspy.kHighsInf, 0) for _ in lines]
        total = sum(pieces[i].weight for i in lines)
        for row, most in enumerate(tariff.breaks):
            sent = self._column(tariff.rates[row][g] + tariff.parcel[g] + tariff.fixed[g])
            self.entries += [(sent, once, 1), (sent, holds, -most / tariff.breaks[-1])]
            self.entries += [(sent, row, -1) for row in opens]
            if most >= total:
                break
        for i, opened in zip(lines, opens, strict=True):
            sends = self._column(tariff.unit[g] * pieces[i].quantity)
            self.entries += [(sends, self.cover[i], 1), (sends, opened, 1)]
            self.entries.append((sends, holds, pieces[i].weight / tariff.breaks[-1]))

    def program(self) -> highspy.HighsLp:
        """As HiGHS takes it."""
        entries = sorted(self.entries)
        counts = np.bincount([column for column, _, _ in entries], minlength=len(self.costs))
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.costs), len(self.rows)
        lp.col_cost_ = np.array(self.costs, float)
        lp.col_lower_, lp.col_upper_ = np.zeros(len(self.costs)), np.ones(len(self.costs))
        lp.row_lower_ = np.array([low for low, _ in self.rows], float)
        lp.row_upper_ = np.array([high for _, high in self.rows], float)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        lp.a_matrix_.index_ = np.array([row for _, row, _ in entries], np.int32)
        lp.a_matrix_.value_ = np.array([value for _, _, value in entries], float)
        lp.integrality_ = [highspy.HighsVarType.kInteger] * len(self.costs)
        return lp
