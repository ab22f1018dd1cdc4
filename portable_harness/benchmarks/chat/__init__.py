"""The chat benchmark: one interleaved run over our server and what a user would pick instead."""
