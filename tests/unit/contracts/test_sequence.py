"""Gaps and repeats within a flow."""

from contracts.envelope import CloudEvent
from contracts.sequence import Repeats, SequenceCheck


def event(flow_id: str | None, sequence: int | None) -> CloudEvent:
    return CloudEvent(id="1", source="s", type="t", flowid=flow_id, sequence=sequence)


def test_each_flow_is_counted_on_its_own() -> None:
    check = SequenceCheck()
    told = [("a", 3), ("b", 1), ("a", 4), ("a", 4), ("b", 5), ("a", 2), ("b", 6), ("a", 5)]
    assert [check.see(event(*one)) for one in told] == [
        "next",
        "next",
        "next",
        "repeat",
        "gap",
        "repeat",
        "next",
        "next",
    ]
    assert check.missed == 3


def test_events_without_a_sequence_always_pass() -> None:
    check = SequenceCheck()
    assert [check.see(event("a", 2)), check.see(event("a", None)), check.see(event(None, 1))] == ["next"] * 3


def test_only_so_many_flows_are_remembered() -> None:
    check = SequenceCheck(most_flows=2)
    for flow_id, sequence in (("a", 1), ("b", 1), ("a", 2), ("c", 1)):
        check.see(event(flow_id, sequence))
    assert check.see(event("a", 2)) == "repeat"
    assert check.see(event("b", 1)) == "next"


def test_a_replay_is_counted_on_its_own() -> None:
    check = SequenceCheck()
    live = [event("a", number) for number in (1, 2, 3)]
    again = [one.model_copy(update={"replay": "r"}) for one in live[1:]]
    told = [*live, again[0], event("a", 4), again[1], again[0], event("a", 3)]
    assert [check.see(one) for one in told] == ["next"] * 6 + ["repeat"] * 2
    assert check.missed == 0


def test_repeats_are_known_by_id_as_long_as_they_are_remembered() -> None:
    repeats = Repeats(most=2)
    one, two, three = (CloudEvent(id=str(number), source="s", type="t") for number in range(3))
    repeats.remember(one)
    assert (repeats.has(one), repeats.has(two)) == (True, False)
    assert not repeats.has(one.model_copy(update={"replay": "r"}))
    repeats.remember(two)
    repeats.remember(three)
    assert [repeats.has(event) for event in (one, two, three)] == [False, True, True]
