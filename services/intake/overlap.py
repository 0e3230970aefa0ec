"""Whether two rows of files may meet: two names with numbers in them that could be the same name. Pure.

Both patterns are walked at once. For each place in the one, the places in the other that go with it are the bits of a
number, so that a step is a few operations on numbers, however many places there are.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

Step = tuple[Set[str], bool]
"""Characters that may come, and whether several of them, or none, instead of exactly one."""


@dataclass(frozen=True)
class Pattern:
    """What a path may be. Bit n of a set of places is the one before step n; the last place is the end."""

    steps: tuple[Step, ...]
    _takers: dict[Set[str], int] = field(default_factory=dict, compare=False)

    @cached_property
    def skipped(self) -> int:
        """Places whose step may be left out."""
        return _places(several for _, several in self.steps)

    @cached_property
    def ends(self) -> int:
        """Places behind which nothing has to come."""
        end = len(self.steps)
        return 1 << end | (1 << end - 1 if self.steps and self.steps[-1][1] else 0)

    @cached_property
    def parts(self) -> int:
        """Places where the path may end, or the name of a directory."""
        return self.ends | self.taking(frozenset("/"))

    def taking(self, characters: Set[str]) -> int:
        """Places whose step takes one of some characters."""
        if characters not in self._takers:
            self._takers[characters] = _places(not own.isdisjoint(characters) for own, _ in self.steps)
        return self._takers[characters]


def pattern(split: Sequence[str], runs: Mapping[str, Set[str]]) -> Pattern:
    """The pattern of a path in pieces (contracts/name_templates.py); `runs` tell what each variable is made of."""
    made: list[Step] = [(frozenset(c), False) for c in split[0]]
    for variable, text in zip(split[1::2], split[2::2], strict=True):
        made += [(runs[variable], False), (runs[variable], True)]
        made += [(frozenset(c), False) for c in text]
    return Pattern(tuple(made))


def meet(one: Pattern, other: Pattern) -> bool:
    """Whether some path fits both, or what fits one is a directory in what fits the other."""
    reached = _filled(1, other.skipped)
    for place, (characters, several) in enumerate(one.steps):
        taking = other.taking(characters)
        if several:  # the other goes on, while this one stays or leaves off
            reached = _filled(reached, taking | other.skipped)
        if _both_end(one, other, place, reached):
            return True
        if not several:
            taken = reached & taking
            reached = _filled((taken & ~other.skipped) << 1 | taken & other.skipped, other.skipped)
        if not reached:
            return False
    return _both_end(one, other, len(one.steps), reached)


def _both_end(one: Pattern, other: Pattern, place: int, reached: int) -> bool:
    here = 1 << place
    return bool((one.ends & here and reached & other.parts) or (one.parts & here and reached & other.ends))


def _filled(places: int, through: int) -> int:
    """With all places that can be reached one after another through some: adding carries a bit to its run's end."""
    return places | ((places & through) + through) ^ through


def _places(which: Iterable[bool]) -> int:
    return sum(1 << place for place, held in enumerate(which) if held)
