"""Findings to a reply: quoted by the built-in answerer, or written by a chat model."""
