"""Mails and saved web pages (.eml, .mht): their text, or the page that they carry.

Knows nothing of articles.
"""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from rag.articles.loaders.decoded import Decoded
from rag.articles.loaders.html.page import read_html
from rag.articles.loaders.plain import decode
from rag.errors import ArticleError


def read_mail(data: bytes, name: str) -> Decoded:
    """Subject and text of a mail, or the main page of a web archive; what is attached is named."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not isinstance(message, EmailMessage):
        raise ArticleError(f"{name} 不是邮件；请另存为 .txt 或 .html")
    subject = " ".join(str(message["subject"] or "").split())
    files = [part.get_filename() for part in message.walk() if part.get_filename()]
    attached = [file for file in files if file and name.lower().endswith(".eml")]
    remarks = (f"附件{'、'.join(attached)}没有读；要读请另存到文件夹里",) if attached else ()
    body = message.get_body(("plain", "html"))
    payload = body.get_payload(decode=True) if body else None
    if body is None or not isinstance(payload, bytes) or not payload.strip():
        raise ArticleError(f"{name} 里没有文字；请放入有文字的文件")
    if body.get_content_subtype() == "html":
        page = read_html(payload, name)
        return page._replace(
            title=page.title or subject,
            date=page.date or _date(message),
            remarks=(*page.remarks, *remarks),
        )
    declared = body.get_content_charset()
    try:
        text, encoding = payload.decode(declared or ""), declared or ""
    except (LookupError, UnicodeDecodeError):
        text, encoding = decode(payload, name)
    shown = f"{subject}\n\n{text}" if subject else text
    return Decoded(
        shown.replace("\r\n", "\n"),
        encoding,
        subject,
        _date(message),
        is_one_story=True,
        remarks=remarks,
    )


def _date(message: EmailMessage) -> str | None:
    try:
        return parsedate_to_datetime(str(message["date"])).date().isoformat()
    except (TypeError, ValueError):
        return None
