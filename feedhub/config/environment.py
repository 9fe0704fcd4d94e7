"""Secrets: `${NAME}` in a value of config.toml stands for a variable of the environment. Pure.

What is raised and what is repeated names the variable, never its value.
"""

import re
from collections.abc import Mapping

from feedhub.model import Secret

VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}", re.A)


def is_secret(value: str) -> bool:
    """Tell whether a part of a value comes from the environment."""
    return "${" in value


def filled(value: str, environ: Mapping[str, str]) -> str:
    """Put the values of variables in their places; raises ValueError for one that is not set."""
    names = list(dict.fromkeys(VARIABLE.findall(value)))
    if "${" in VARIABLE.sub("", value):
        raise ValueError('holds a "${" that is not followed by the name of a variable and "}"')
    if missing := [name for name in names if name not in environ]:
        raise ValueError(f"the environment does not set {' and '.join(missing)}")
    return VARIABLE.sub(lambda match: environ[match[1]], value)


def check_outside(secret: str) -> None:
    """Refuse a secret that stands in the file itself; raises ValueError, which does not show it."""
    if secret and not is_secret(secret):
        raise ValueError('holds the secret itself, which belongs in the environment: write "${NAME}" for it')


def authority(url: str) -> tuple[str, str]:
    """Split what stands between `//` and the path of an address, variables and all: the user, the host."""
    user, _, host = re.split("[/?#]", url.partition("://")[2], maxsplit=1)[0].rpartition("@")
    return user, host


def address(written: str, environ: Mapping[str, str]) -> str:
    """Fill in an address whose password, if it has one, must come from a variable; raises ValueError."""
    user, _ = authority(written)
    check_outside(user.partition(":")[2])
    return filled(written, environ)


def guarded(value: str, written: str) -> str:
    """Give a value as a Secret if what it was made from holds a variable."""
    return Secret(value) if is_secret(written) else value
