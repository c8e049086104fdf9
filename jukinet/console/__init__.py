"""The console: a web page over a running network. A client of the nodes, never of their stores."""
