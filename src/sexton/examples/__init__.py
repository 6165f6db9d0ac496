"""Four small products that delete with Sexton, as its users would write them; `sexton demo` serves all four."""
