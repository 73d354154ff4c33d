"""The evaluation harness: cases with gold evidence, metrics, measured runs and their comparison.

Uses only what ``rag`` exports; ``rag`` never imports it.
"""
