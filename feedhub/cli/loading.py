"""config.toml as every command takes it: right in itself, and with a theme that can be read."""

import os
from pathlib import Path

from feedhub.config import Config, load
from feedhub.errors import ConfigError


def loaded(path: Path, *, listening: str = "") -> Config:
    """Read the configuration, as `load` does; raises ConfigError, with all problems at once."""
    config = load(path, os.environ, listening=listening)
    if config.site.theme_files:
        from feedhub.render.theme import problems  # takes its time, and most hubs have no theme

        if found := problems(config.site.theme_files):
            raise ConfigError([f"{config.path.name}: site.theme: {problem}" for problem in found])
    return config
