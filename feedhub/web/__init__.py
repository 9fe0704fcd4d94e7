"""HTTP: the finished documents as they stand in the folder, and how the hub is. The one user of Flask."""

from feedhub.web.app import create_app

__all__ = ["create_app"]
