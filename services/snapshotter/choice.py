"""Filter expressions that choose pictures, as decision trees: a long list costs a few comparisons per picture. Pure."""

from collections.abc import Sequence

from contracts.units import Shot


def by_pts(shots: Sequence[Shot]) -> str:
    """True for each picture in one of the ranges [start, end) of shots that ascend and don't overlap."""
    if len(shots) == 1:
        tests = [f"gte(pts,{shots[0].start})"] if shots[0].start is not None else []
        tests += [f"lt(pts,{shots[0].end})"] if shots[0].end is not None else []
        return "*".join(tests) or "1"
    half = len(shots) // 2
    return f"if(lt(pts,{shots[half].start}),{by_pts(shots[:half])},{by_pts(shots[half:])})"


def by_time(times_s: Sequence[float]) -> str:
    """True once for each time: at the first picture not before it. Register 0 counts those found."""
    return f"if(lt(ld(0),{len(times_s)})*gte(t+1e-6,{_wanted(times_s, 0)}),st(0,ld(0)+1),0)"


def _wanted(times_s: Sequence[float], first: int) -> str:
    if len(times_s) == 1:
        return f"{times_s[0]:.6f}"
    half = len(times_s) // 2
    return f"if(lt(ld(0),{first + half}),{_wanted(times_s[:half], first)},{_wanted(times_s[half:], first + half)})"
