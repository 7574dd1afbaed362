"""Terms in notes that go with winning."""
