"""`python -m jukinet` is the command line."""

from jukinet.cli.main import main

if __name__ == "__main__":
    main()
