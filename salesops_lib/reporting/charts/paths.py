"""The numbers and steps of an SVG path, as matplotlib writes them: shortened, or as points."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"-?\d+\.?\d*(?:e-?\d+)?")
_STEP = re.compile(r"([MLHVCQZz])([^MLHVCQZz]*)")

Point = tuple[float, float]


def short_numbers(text: str, digits: int) -> str:
    """Round every number of a text."""
    return _NUMBER.sub(lambda found: _short(found[0], digits), text)


def _short(number: str, digits: int) -> str:
    text = f"{float(number):.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def short_path(path: str, digits: int) -> str:
    """Round, and write level and upright lines with one number."""
    written, at = [], ("", "")
    for letter, rest in _STEP.findall(path):
        numbers = [_short(found, digits) for found in _NUMBER.findall(rest)]
        point = (numbers[-2], numbers[-1]) if len(numbers) > 1 else at
        if letter == "L" and len(numbers) == 2:
            if point == at:
                continue
            letter, numbers = _line(at, point)
        written.append(letter + " ".join(numbers))
        at = point
    return "".join(written)


def _line(at: tuple[str, str], point: tuple[str, str]) -> tuple[str, list[str]]:
    if at[1] == point[1]:
        return "H", [point[0]]
    if at[0] == point[0]:
        return "V", [point[1]]
    return "L", list(point)


def points_of(path: str) -> list[Point]:
    """Every point that a path names, the bends of its curves included."""
    points, x, y = [], 0.0, 0.0
    for letter, rest in _STEP.findall(path):
        numbers = [float(found) for found in _NUMBER.findall(rest)]
        if letter == "H":
            x = numbers[0]
        elif letter == "V":
            y = numbers[0]
        else:
            points += list(zip(numbers[::2], numbers[1::2], strict=True))
            x, y = points[-1] if points else (x, y)
            continue
        points.append((x, y))
    return points


def outlines_of(path: str) -> list[list[Point]]:
    """The corners of each part of a path; none where it is not made of straight lines."""
    parts: list[list[Point]] = []
    for letter, rest in _STEP.findall(path):
        if letter in "CQ":
            return []
        if letter == "M":
            parts.append([])
        if letter in "MLHV" and parts:
            at = parts[-1][-1:]
            parts[-1] += points_of(f"M{at[0][0]} {at[0][1]}{letter}{rest}" if at else f"M{rest}")[len(at) :]
    return parts
