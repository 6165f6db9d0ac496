"""The stand-alone process: its configuration, the database it finds, and how the parts are put together."""
