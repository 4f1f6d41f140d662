"""The command `conzhu-sim`: one module per group of commands, each a few lines around the client."""
