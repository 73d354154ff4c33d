"""Models, one Protocol with its adapters a file; ``rag/weights`` holds what is shipped."""
