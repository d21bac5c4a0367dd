"""The joint plan as a mixed-integer program, solved by HiGHS from the plan there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from dom.solver.columns import Column, columns, limits, plans_of
from dom.sourcing.joint.batch import Batch, Polished

# Parcels are left out whose plan is dearer than the order's cheapest by more than this part of the
# mean order: the optimum hardly ever holds one.
PART = 3


@dataclass(frozen=True)
class Mip:
    """A `Polish`. The budget is in nodes of the search tree, so that the same input gives the same
    plan; `seconds` is a safety stop, and the result says if it struck."""

    nodes: int = 200
    seconds: float = 60.0

    def __call__(self, batch: Batch) -> Polished:
        """The best plans found, and a bound of all that split no line needlessly."""
        gap = max(0, batch.cost - batch.bound)
        margin = min(gap, batch.cost // (PART * max(1, len(batch.wishes))))
        made = columns(batch, margin)
        chosen, bound, nodes, stopped = self._solve(made, batch)
        # Beyond the margin nothing was looked at.
        proven = max(batch.bound, min(bound, batch.bound + margin)) if margin < gap else bound
        return Polished(plans_of(batch, chosen), proven, nodes, stopped)

    def _solve(self, made: list[Column], batch: Batch) -> tuple[list[Column], int, int, bool]:
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in self._options():
            solver.setOptionValue(option, value)
        solver.passModel(_program(made, batch))
        solver.setSolution(_start(made))
        solver.run()
        info, values = solver.getInfo(), solver.getSolution().col_value
        chosen = [column for column, value in zip(made, values, strict=True) if value > 0.5]
        stopped = solver.getModelStatus() == highspy.HighsModelStatus.kTimeLimit
        # One unit of money for the solver's tolerances.
        bound = int(np.floor(info.mip_dual_bound)) - 1 if abs(info.mip_dual_bound) < 1e15 else 0
        return chosen, bound, max(0, int(info.mip_node_count)), stopped

    def _options(self) -> Sequence[tuple[str, bool | float]]:
        return (
            ("output_flag", False),
            ("threads", 1),
            ("random_seed", 1),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 0.5),
            ("mip_max_nodes", self.nodes),
            ("time_limit", self.seconds),
        )


def _program(made: list[Column], batch: Batch) -> highspy.HighsLp:
    """One row for each piece that must be settled, one for each thing that could run out."""
    row_of: dict[tuple[int, int, int], int] = {}
    for i, offer in enumerate(batch.offers):
        for j in range(len(offer.wish.pieces)) if offer.exact else (-1,):
            row_of[0, i, j] = len(row_of)
    covers, there = len(row_of), limits(made, batch.market)
    for shared in there:
        row_of[1, *shared] = len(row_of)
    starts, rows, amounts = [0], [], []
    for column in made:
        for key, amount in _entries(column):
            if key in row_of:
                rows.append(row_of[key])
                amounts.append(amount)
        starts.append(len(rows))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(made), len(row_of)
    lp.col_cost_ = np.array([column.cost for column in made], float)
    lp.col_lower_, lp.col_upper_ = np.zeros(len(made)), np.ones(len(made))
    lp.row_lower_ = np.array([1.0] * covers + [-highspy.kHighsInf] * len(there))
    lp.row_upper_ = np.array([1.0] * covers + [float(n) for n in there.values()])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.array(starts, np.int32)
    lp.a_matrix_.index_ = np.array(rows, np.int32)
    lp.a_matrix_.value_ = np.array(amounts, float)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * len(made)
    return lp


def _entries(column: Column) -> list[tuple[tuple[int, int, int], int]]:
    covered = [((0, column.order, j), 1) for j in column.cover or (-1,)]
    return covered + [((1, *shared), amount) for shared, amount in column.uses]


def _start(made: list[Column]) -> highspy.HighsSolution:
    solution = highspy.HighsSolution()
    solution.col_value = [float(column.given) for column in made]
    return solution
