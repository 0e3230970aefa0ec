"""Start tags of fair queuing."""

from services.planner.shares import stamps


def test_units_of_a_tenant_follow_one_another_by_their_cost() -> None:
    assert stamps(10.0, {"a": 30.0, "b": 20.0, "c": 1.0}, 1.0) == {"a": 10.0, "b": 40.0, "c": 60.0}


def test_a_heavier_tenant_pays_less() -> None:
    assert stamps(0.0, {"a": 30.0, "b": 30.0}, 3.0) == {"a": 0.0, "b": 10.0}
