"""Values as they are written in config.toml: what `values` reads, the other way. Pure."""

from datetime import timedelta

_SECONDS = {"d": 86_400, "h": 3600, "m": 60, "s": 1}
_BYTES = {"GB": 10**9, "MB": 10**6, "KB": 10**3, "GiB": 2**30, "MiB": 2**20, "KiB": 2**10, "B": 1}
_SIZES = frozenset({"max_size", "memory"})


def written(key: str, value: object) -> object:
    """Write the value of a key: durations and sizes with their units, lists as lists."""
    match value:
        case timedelta():
            return _in_units(int(value.total_seconds()), _SECONDS, "")
        case int() if key in _SIZES:
            return _in_units(value, _BYTES, " ")
        case tuple():
            return [written(key, one) for one in value]
        case dict():
            return {name: written(name, one) for name, one in value.items()}
        case _:
            return value


def _in_units(number: int, units: dict[str, int], space: str) -> str:
    """Use the largest unit of which there is a whole number, in the order given."""
    unit = next((unit for unit, count in units.items() if number and number % count == 0), [*units][-1])
    return f"{number // units[unit]}{space}{unit}"
