"""Conversations as files to download.

In go a name and who asks, out comes Markdown. Knows nothing of Gradio.
"""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request, Response

from page.conversations import ConversationError, Conversations, to_markdown
from page.owner import owner_of


def export_routes(saved: Conversations) -> APIRouter:
    """``GET /export/ID.md``: a conversation of who asks, with its citations as footnotes."""
    routes = APIRouter()

    @routes.get("/export/{name}.md")
    def export(name: str, request: Request) -> Response:
        try:
            kept, turns, _ = saved.read(owner_of(request.headers, request.cookies), name)
        except ConversationError as error:
            raise HTTPException(404, str(error)) from None
        attached = f"attachment; filename*=UTF-8''{quote(kept.title[:40])}.md"
        return Response(
            to_markdown(kept.title, turns),
            media_type="text/markdown; charset=utf-8",
            headers={"Content-Disposition": attached},
        )

    return routes
