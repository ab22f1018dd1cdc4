"""`portable-server compare`: the same server on each interpreter, under load from outside."""
