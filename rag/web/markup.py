"""HTML by hand, safely: every text goes through `escaped`, every attribute through `tag`."""

from __future__ import annotations

import html
import re

_SURROGATE = re.compile("[\ud800-\udfff]")


def escaped(text: str) -> str:
    r"""`text` as HTML that the browser shows letter for letter: carriage returns stay, lone surrogates cannot.

    >>> escaped("<b>\r\n")
    '&lt;b&gt;&#13;\n'
    """
    return _SURROGATE.sub("\ufffd", html.escape(text)).replace("\r", "&#13;")


def tag(name: str, /, *content: str, **attributes: str | bool | None) -> str:
    """One element around `content`, which is HTML already; attributes are escaped here.

    `class_` is `class`, other underscores become dashes; True stands alone, False and None are left out.

    >>> tag("p", escaped("1 < 2"), class_="note", data_place='"', hidden=True, id=None)
    '<p class="note" data-place="&quot;" hidden>1 &lt; 2</p>'
    """
    given = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escaped(str(value))}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    return f"<{name}{given}>{''.join(content)}</{name}>"
