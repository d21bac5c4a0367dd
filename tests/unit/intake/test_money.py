"""What is guaranteed of an order's money, as it is told again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from dom.intake.money import guaranteed
from dom.intake.source import Source
from dom.model.authorization import NOTICE, Authorization
from dom.model.clock import to_text
from support.builders import NOW, line, order


@pytest.mark.parametrize(("renewed", "warned"), [(timedelta(0), True), (timedelta(7), False)])
def test_a_guarantee_that_is_renewed_is_told_of_anew_before_it_ends(
    renewed: timedelta, warned: bool
) -> None:
    ends = NOW + NOTICE
    known = replace(
        order("ord_a", line("1")), authorization=Authorization(1500, expires_at=ends, warned=True)
    )
    told = Source(authorized=(to_text(NOW), 1500, 0, to_text(ends + renewed)))
    after = guaranteed(known, told).authorization
    assert after
    assert after.warned == warned
    assert after.warn_at == (None if warned else NOW + renewed)
