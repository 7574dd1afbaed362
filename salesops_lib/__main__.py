"""``python -m salesops_lib`` is ``salesops``, also where the command is not on the path."""

from salesops_lib.cli import app

if __name__ == "__main__":
    app(prog_name="salesops")
