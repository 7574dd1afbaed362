"""Which parameters each notebook gets, checked before any kernel starts.

papermill only warns about a name that the notebook does not declare, and hands ``"twenty"`` to an
``int`` without a word. Here both are errors that say what the notebook does declare.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from salesops_lib.errors import ParameterError
from salesops_lib.parameters.wording import did_you_mean
from salesops_lib.reporting.notebooks.execution import ParameterValue

_TYPES: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool}
_WORDS = {"str": "text", "int": "a whole number", "float": "a number", "bool": "true or false"}


def declared_parameters(template: Path) -> dict[str, str]:
    """Name and type of every parameter that a notebook declares, as ``papermill --help-notebook`` lists them."""
    import papermill

    logging.getLogger("papermill").setLevel(logging.ERROR)  # it reports each notebook that it opens
    return {name: found["inferred_type_name"] for name, found in papermill.inspect_notebook(template).items()}


def read_settings(settings: Sequence[str]) -> dict[str, str]:
    """Read ``name=value`` as people write it on the command line.

    Errors:
        ParameterError: Something is not of that form, or one name is set twice.
    """
    read: dict[str, str] = {}
    problems = []
    for setting in settings:
        name, sign, value = setting.partition("=")
        name = name.strip()
        if not sign or not name:
            problems.append(f"`{setting}` sets nothing. Write it as `name=value`, for instance `min_closed=10`.")
        elif name in read:
            problems.append(f"`{name}` is set twice. Keep one.")
        read[name] = value.strip()
    if problems:
        raise ParameterError(problems)
    return read


def arguments_of(
    templates: Sequence[Path], *, offered: Mapping[str, ParameterValue], settings: Mapping[str, str]
) -> dict[str, dict[str, ParameterValue]]:
    """Work out the parameters of every notebook.

    Args:
        templates: The notebooks, by path.
        offered: What the run offers; a notebook takes what it declares. ``period`` and ``parameters`` must be declared.
        settings: What the user sets, as text: ``{"min_closed": "10"}`` for every notebook that declares it,
            ``{"02_rep_comparison.min_closed": "10"}`` for one. These stand above what is offered.

    Returns:
        Notebook name to its parameters.

    Errors:
        ParameterError: Every name that nothing declares and every value that does not fit, at once.
    """
    declared = {template.stem: declared_parameters(template) for template in templates}
    problems: list[str] = []
    arguments: dict[str, dict[str, ParameterValue]] = {}
    for notebook, types in declared.items():
        arguments[notebook] = {name: value for name, value in offered.items() if name in types}
        problems += [
            f"notebook {notebook} declares no parameter `{name}`, so it cannot be run for a month. "
            "Add it to the cell tagged `parameters`."
            for name in ("period", "parameters")
            if name not in types
        ]
        problems += [
            f"notebook {notebook}: `{name}` should be {_WORDS[types[name]]}, not `{value}`."
            for name, value in arguments[notebook].items()
            if types[name] in _TYPES and not _fits(value, types[name])
        ]
    for setting, text in settings.items():
        problems += _apply(setting, text, declared, arguments)
    if problems:
        raise ParameterError(problems)
    return arguments


def _apply(
    setting: str, text: str, declared: dict[str, dict[str, str]], arguments: dict[str, dict[str, ParameterValue]]
) -> list[str]:
    """Put one setting into the arguments of the notebooks it is for; returns what is wrong with it."""
    notebook, dot, name = setting.rpartition(".")
    if dot and notebook not in declared:
        return [f"`{setting}`: there is no notebook `{notebook}`.{did_you_mean(notebook, declared)}"]
    takers = [notebook] if dot else [each for each, types in declared.items() if name in types]
    known = sorted({known for each in ([notebook] if dot else declared) for known in declared[each]})
    if not takers or name not in declared[takers[0]]:
        return [f"`{setting}`: no such parameter.{did_you_mean(name, known)} Known are: {', '.join(known)}."]
    problems = []
    for taker in takers:
        kind = declared[taker][name]
        value = _read(text, kind)
        if value is None:
            problems.append(f"`{setting}`: notebook {taker} wants {_WORDS[kind]}, not `{text}`.")
        else:
            arguments[taker][name] = value
    return problems


def _fits(value: ParameterValue, kind: str) -> bool:
    """Whether a value is of the declared type; a whole number is a number, but true is neither."""
    if isinstance(value, bool) or kind == "bool":
        return isinstance(value, bool) and kind == "bool"
    return isinstance(value, (int, float) if kind == "float" else _TYPES[kind])


def _read(text: str, kind: str) -> ParameterValue | None:
    """Read text as the declared type; nothing where it is not one."""
    if kind == "bool":
        return {"true": True, "false": False}.get(text.casefold())
    try:
        return int(text) if kind == "int" else float(text) if kind == "float" else text
    except ValueError:
        return None
