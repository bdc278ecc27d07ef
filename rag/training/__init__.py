"""The recipes of what was fitted on data. Not needed to ask: each is run as a module by whoever retrains."""
