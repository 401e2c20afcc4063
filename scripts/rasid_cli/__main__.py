"""Run as `python -m rasid_cli`."""

from rasid_cli.cli import main

if __name__ == "__main__":
    main(prog_name="rasid")
