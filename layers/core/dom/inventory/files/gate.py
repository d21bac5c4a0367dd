"""Whether a file is believed, or a person looks at it first: pure, and in words.

Whoever sends a file that is half of what it was, or that empties the shelves, has more often made
a mistake than lost the goods.
"""

from __future__ import annotations

from dom.model.feed_source import Gate, Tally


def weigh(tally: Tally, gate: Gate, last_rows: int | None) -> list[str]:
    """Why a person should look at the file; nothing: it may be applied.

    `last_rows` of the last file of the source that was applied, None: there was none.
    """
    found = [
        _fewer(tally.rows, last_rows or 0, gate),
        _share("rows cannot be used", tally.rejected, tally.rows, gate.rejected_percent, gate),
        _share("SKUs are unknown", tally.unknown, tally.skus, gate.unknown_percent, gate),
        _share("positions change", tally.changed, tally.positions, gate.changed_percent, gate),
        _share("positions are emptied", tally.emptied, tally.positions, gate.emptied_percent, gate),
        _units(tally, gate),
    ]
    return [one for one in found if one]


def _fewer(rows: int, last: int, gate: Gate) -> str:
    limit = gate.rows_percent
    if limit is None or last < gate.least or (last - rows) * 100 <= limit * last:
        return ""
    return f"{rows:,} rows, the last file had {last:,}: over {limit} % fewer"


def _share(what: str, some: int, whole: int, limit: int | None, gate: Gate) -> str:
    if limit is None or whole < gate.least or some * 100 <= limit * whole:
        return ""
    return f"{some:,} of {whole:,} {what}: over {limit} %"


def _units(tally: Tally, gate: Gate) -> str:
    """Where nothing lay before there is no share: what is new is told by unknown SKUs."""
    before, after, limit = tally.units_before, tally.units_after, gate.units_percent
    if limit is None or tally.positions < gate.least or before <= 0:
        return ""
    if abs(after - before) * 100 <= limit * before:
        return ""
    return (
        f"{before:,} units become {after:,}: over {limit} % {'more' if after > before else 'less'}"
    )
