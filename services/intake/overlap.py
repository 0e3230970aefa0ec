"""Whether two rows of files may meet: two names with numbers in them that could be the same name. Pure."""

from collections.abc import Mapping, Sequence, Set

Pattern = Sequence[tuple[Set[str], bool]]
"""Characters one after another, each with those that it may be, and whether it may come again and again."""


def pattern(split: Sequence[str], runs: Mapping[str, Set[str]]) -> Pattern:
    """The pattern of a path in pieces (contracts/name_templates.py); `runs` tell what each variable is made of."""
    made: list[tuple[Set[str], bool]] = [(frozenset(c), False) for c in split[0]]
    for variable, text in zip(split[1::2], split[2::2], strict=True):
        made += [(runs[variable], False), (runs[variable], True)]
        made += [(frozenset(c), False) for c in text]
    return made


def meet(one: Pattern, other: Pattern) -> bool:
    """Whether some path fits both, or what fits one is a directory in what fits the other."""
    seen = {(0, 0)}
    ahead = [(0, 0)]
    while ahead:
        m, n = ahead.pop()
        if (_ended(one, m) and _at_part(other, n)) or (_ended(other, n) and _at_part(one, m)):
            return True
        for step in _steps(one, other, m, n):
            if step not in seen:
                seen.add(step)
                ahead.append(step)
    return False


def _steps(one: Pattern, other: Pattern, m: int, n: int) -> list[tuple[int, int]]:
    steps = []
    first = one[m] if m < len(one) else None
    second = other[n] if n < len(other) else None
    if first and first[1]:
        steps.append((m + 1, n))
    if second and second[1]:
        steps.append((m, n + 1))
    if first and second and not first[0].isdisjoint(second[0]):
        steps.append((m if first[1] else m + 1, n if second[1] else n + 1))
    return steps


def _ended(pattern: Pattern, position: int) -> bool:
    left = len(pattern) - position
    return left == 0 or (left == 1 and pattern[position][1])


def _at_part(pattern: Pattern, position: int) -> bool:
    return _ended(pattern, position) or "/" in pattern[position][0]
