"""The command line: `jukinet <noun> <verb>`."""
