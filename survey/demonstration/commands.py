"""flask demo: load the demonstration and print how to get in."""

import click


@click.command("demo")
def demo() -> None:
    """Load the demonstration round."""
