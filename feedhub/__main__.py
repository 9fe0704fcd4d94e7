"""`python -m feedhub` is the command `feedhub`."""

from feedhub.cli import main

main()
