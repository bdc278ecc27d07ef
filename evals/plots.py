"""Plots as inline SVG: small enough to draw by hand, and a report that needs no file beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from evals.metrics import Figure

_SIZE, _MARGIN = 260, 36
_BAR, _GAP, _LABEL, _WIDTH = 16, 10, 170, 330


def line_plot(title: str, axes: tuple[str, str], lines: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    """Points in the unit square joined by a line, one line a name; `axes` are the names of x and y."""
    drawn = [_frame(axes)]
    for number, (name, points) in enumerate(lines.items()):
        path = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in points)
        drawn += [f'<polyline class="line l{number}" points="{path}"/>', _key(number, name)]
    return _figure(title, _SIZE + 2 * _MARGIN, _SIZE + 2 * _MARGIN + 22, drawn)


def calibration_plot(title: str, suites: Mapping[str, Sequence[tuple[float, float, int]]]) -> str:
    """Share right against mean confidence, one circle a bin, its area the number of cases."""
    drawn = [_frame(("confidence", "share right"))]
    drawn.append(f'<line class="ideal" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>')
    for number, (name, bins) in enumerate(suites.items()):
        drawn.append(_key(number, name))
        most = max((count for _, _, count in bins), default=1)
        for confidence, right, count in bins:
            radius = 3 + 8 * (count / most) ** 0.5
            drawn.append(
                f'<circle class="dot l{number}" cx="{_x(confidence):.1f}" cy="{_y(right):.1f}" r="{radius:.1f}">'
                f"<title>{escape(name)}: {confidence:.2f} sure, {right:.2f} right, {count} cases</title></circle>"
            )
    return _figure(title, _SIZE + 2 * _MARGIN, _SIZE + 2 * _MARGIN + 22, drawn)


def bars(title: str, groups: Mapping[str, Figure], floors: Mapping[str, float]) -> str:
    """One bar a group with its interval; a tick marks the floor."""
    drawn, top = [], 8
    for name, found in groups.items():
        if found.value is None or found.low is None or found.high is None:
            continue
        middle = top + _BAR / 2
        drawn.append(f'<text class="label" x="{_LABEL - 8}" y="{middle + 4}">{escape(name)} ({found.n})</text>')
        drawn.append(f'<rect class="bar" x="{_LABEL}" y="{top}" width="{found.value * _WIDTH:.1f}" height="{_BAR}"/>')
        low, high = _LABEL + found.low * _WIDTH, _LABEL + found.high * _WIDTH
        drawn.append(f'<line class="interval" x1="{low:.1f}" y1="{middle}" x2="{high:.1f}" y2="{middle}"/>')
        if name in floors:
            at = _LABEL + floors[name] * _WIDTH
            drawn.append(f'<line class="floor" x1="{at:.1f}" y1="{top - 3}" x2="{at:.1f}" y2="{top + _BAR + 3}"/>')
        drawn.append(f'<text class="value" x="{_LABEL + _WIDTH + 8}" y="{middle + 4}">{found.value:.2f}</text>')
        top += _BAR + _GAP
    return _figure(title, _LABEL + _WIDTH + 50, top + 4, drawn)


def differences(title: str, changes: Mapping[str, tuple[int, int]]) -> str:
    """Cases lost (left) and gained (right) against the baseline, one row a group."""
    drawn, top, middle_x = [], 8, _LABEL + _WIDTH / 2
    most = max((max(pair) for pair in changes.values()), default=0) or 1
    for name, (lost, gained) in changes.items():
        middle = top + _BAR / 2
        unit = _WIDTH / 2 / most
        drawn.append(f'<text class="label" x="{_LABEL - 8}" y="{middle + 4}">{escape(name)}</text>')
        drawn.append(
            f'<rect class="lost" x="{middle_x - lost * unit:.1f}" y="{top}" width="{lost * unit:.1f}" height="{_BAR}"/>'
        )
        drawn.append(f'<rect class="bar" x="{middle_x:.1f}" y="{top}" width="{gained * unit:.1f}" height="{_BAR}"/>')
        drawn.append(f'<text class="value" x="{_LABEL + _WIDTH + 8}" y="{middle + 4}">-{lost} +{gained}</text>')
        top += _BAR + _GAP
    drawn.append(f'<line class="axis" x1="{middle_x}" y1="2" x2="{middle_x}" y2="{top}"/>')
    return _figure(title, _LABEL + _WIDTH + 60, top + 4, drawn)


def _figure(title: str, width: float, height: float, drawn: Sequence[str]) -> str:
    body = "".join(drawn)
    return (
        f'<figure><figcaption>{escape(title)}</figcaption><svg viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" role="img" aria-label="{escape(title)}">{body}</svg></figure>'
    )


def _key(number: int, name: str) -> str:
    """The name of a line in its colour, below the plot."""
    return f'<text class="key l{number}" x="{_MARGIN + 90 * number}" y="{_y(0) + 50}">{escape(name)}</text>'


def _frame(axes: tuple[str, str]) -> str:
    ticks = "".join(
        f'<text class="tick" x="{_x(t):.0f}" y="{_y(0) + 14:.0f}" text-anchor="middle">{t:g}</text>'
        f'<text class="tick" x="{_x(0) - 5:.0f}" y="{_y(t) + 4:.0f}" text-anchor="end">{t:g}</text>'
        f'<line class="grid" x1="{_x(0)}" y1="{_y(t)}" x2="{_x(1)}" y2="{_y(t)}"/>'
        for t in (0, 0.25, 0.5, 0.75, 1)
    )
    return (
        f'<rect class="frame" x="{_MARGIN}" y="{_MARGIN}" width="{_SIZE}" height="{_SIZE}"/>{ticks}'
        f'<text class="axis-name" x="{_x(0.5)}" y="{_y(0) + 30}" text-anchor="middle">{escape(axes[0])}</text>'
        f'<text class="axis-name" x="{_x(0)}" y="{_MARGIN - 8}">{escape(axes[1])}</text>'
    )


def _x(value: float) -> float:
    return _MARGIN + value * _SIZE


def _y(value: float) -> float:
    return _MARGIN + (1 - value) * _SIZE
