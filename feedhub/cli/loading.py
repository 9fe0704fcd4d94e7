"""config.toml as every command takes it: right in itself, and with a theme that can be read."""

import os
from collections.abc import Sequence
from pathlib import Path

from feedhub.config import Config, load
from feedhub.errors import ConfigError


def loaded(path: Path, *, listening: str = "") -> Config:
    """Read the configuration, as `load` does; raises ConfigError, with all problems at once."""
    config = load(path, os.environ, listening=listening)
    if config.site.theme_files:
        from feedhub.render.theme import problems  # takes its time, and most hubs have no theme

        _judge(config, problems(config.site.theme_files))
    return config


def try_theme(config: Config) -> None:
    """Have the theme of a configuration draw a day that is made up; raises ConfigError where it spoils it."""
    from feedhub.publish.specimen import mistakes

    _judge(config, mistakes(config.site))


def _judge(config: Config, problems: Sequence[str]) -> None:
    if problems:
        raise ConfigError([f"{config.path.name}: site.theme: {problem}" for problem in problems])
