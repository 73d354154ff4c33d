"""Web pages: the main text, and what the page says of its title, date and site.

Knows nothing of articles.
"""
