"""PDF files: read in a child process, columns and paragraphs by the places of their lines.

Knows nothing of articles.
"""
