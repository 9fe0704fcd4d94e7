"""Markup that wants to run, and a strict reading of what may come out of it."""

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser

ALLOWED = frozenset(
    "a abbr acronym article aside audio b bdi bdo blockquote br caption cite code col colgroup data dd del"
    " details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li mark ol"
    " p picture pre q rp rt ruby s samp section small source span strike strong sub summary sup table tbody"
    " td tfoot th thead time tr tt u ul var video wbr".split()
)
ATTRIBUTES = frozenset(
    "alt cite colspan controls datetime dir headers height href hreflang lang media poster reversed rowspan"
    " scope sizes span src srcset start title type value width".split()
)
ADDRESSES = frozenset("cite href poster src".split())
# Only this is HTML that every parser reads alike: no quotes left out, no < or > in a value.
_TOKEN = re.compile(r'[^<>]+|</([a-z][a-z0-9]*)>|<([a-z][a-z0-9]*)((?: [a-z]+="[^"<>]*")*)>')
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')
_SAFE_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\/]+/[^\s<>\"`\\]*", re.I)
_MAIL = re.compile(r"mailto:[^\s<>\"'`\\]+@[^\s<>\"'`\\]+", re.I)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def dangers(text: str) -> list[str]:
    """Tell what in a text is more than plain markup with absolute addresses on the web."""
    return [*_strictly(text), *_as_a_parser_reads(text)]


def _strictly(text: str) -> Iterator[str]:
    if _CONTROL.search(text):
        yield "a control character"
    position = 0
    for token in _TOKEN.finditer(text):
        if token.start() != position:
            break
        position = token.end()
        name = token[1] or token[2]
        if name:
            yield from _of_tag(name, _ATTRIBUTE.findall(token[3] or ""))
    if position != len(text):
        yield f"no clean markup: {text[position : position + 40]!r}"


def _of_tag(name: str, attributes: list[tuple[str, str]]) -> Iterator[str]:
    if name not in ALLOWED:
        yield f"<{name}>"
    for attribute, escaped in attributes:
        value = html.unescape(escaped)
        if attribute not in ATTRIBUTES:
            yield f"{name} {attribute}"
        elif attribute in ADDRESSES and not _is_safe(attribute, value):
            yield f"{name} {attribute}={value!r}"
        elif attribute == "srcset":
            candidates = (candidate.split()[0] for candidate in re.split(r",\s", value))
            yield from (f"srcset {one!r}" for one in candidates if not _is_safe("src", one))
        if _CONTROL.search(value):
            yield f"a control character in {attribute}"


def _is_safe(attribute: str, value: str) -> bool:
    return bool(_SAFE_ADDRESS.fullmatch(value) or (attribute == "href" and _MAIL.fullmatch(value)))


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += _of_tag(tag, [(name, html.escape(value or "")) for name, value in attrs])

    def handle_comment(self, data: str) -> None:
        self.found.append(f"a comment: {data[:20]!r}")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"a declaration: {decl[:20]!r}")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"an instruction: {data[:20]!r}")


def _as_a_parser_reads(text: str) -> list[str]:
    parser = _Parser()
    parser.feed(text)
    parser.close()
    return parser.found


# ── Vectors ──────────────────────────────────────────────────────────────────────────────────────

SCHEMES = [
    "javascript:run()",
    "JaVaScRiPt:run()",
    " javascript:run()",
    "\tjavascript:run()",
    "\x01javascript:run()",
    "\x00javascript:run()",
    "\u00a0javascript:run()",
    "\ufeffjavascript:run()",
    "java\tscript:run()",
    "java\nscript:run()",
    "java\rscript:run()",
    "java\x00script:run()",
    "java\x0bscript:run()",
    "java&#1;script:run()",
    "java&#x0;script:run()",
    "java&#9;script:run()",
    "java&#x0A;script:run()",
    "java&Tab;script:run()",
    "java&NewLine;script:run()",
    "javascript&colon;run()",
    "javascript&#58;run()",
    "javascript&#0000058run()",
    "javascript&#x3A;run()",
    "&#106;avascript:run()",
    "&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;run()",
    "&#1;javascript:run()",
    "&#14;javascript:run()",
    "java&#&#1;1;script:run()",
    "java&#xD800;script:run()",
    "java&#x110000;script:run()",
    "javascript://morning.example/%0Arun()",
    "javascript:/*--></title>*/run()",
    "javascript%3Arun()",
    "jav\u0131script:run()",
    "ja\u00advascript:run()",
    "feed:javascript:run()",
    "view-source:javascript:run()",
    "vbscript:run",
    "VbScRiPt:run",
    "vb&#0;script:run",
    "livescript:run()",
    "mocha:run()",
    "jscript:run()",
    "data:text/html,<script>run()</script>",
    "data:text/html;base64,PHNjcmlwdD5ydW4oKTwvc2NyaXB0Pg==",
    "DATA:text/html,x",
    "data:image/svg+xml,<svg onload=run()>",
    "blob:https://evil.example/1",
    "file:///etc/passwd",
    "about:blank",
    "filesystem:https://evil.example/x",
    "intent://evil.example/#Intent;end",
    "ms-settings:x",
    "x:y",
    'mailto:a@b.example"onclick=run()',
    "mailto:x",
    "https:///run",
    "https://",
    "//",
    "https://[run",
    "https://evil.example:99999/",
    "\\\\evil.example\\x",
    "https:\\\\evil.example",
    "//evil.example\\@morning.example",
]
CARRIERS = [
    '<a href="{}">x</a>',
    "<a href='{}'>x</a>",
    '<img src="{}">',
    '<img srcset="{} 1x, {} 2x">',
    '<video poster="{}" src="{}"></video>',
    '<blockquote cite="{}">x</blockquote>',
    '<picture><source srcset="{}"><img src="{}"></picture>',
]
EVENTS = [
    "<b {}=run()>x</b>",
    '<img src="https://evil.example/x" {}="run()">',
    "<img/src=x/{}=run()>",
    "<p {}=run() {}=run()>x",
    '<a href="https://evil.example/"{}=run()>x</a>',
    "<video src=x {}=run()></video>",
]
HANDLERS = (
    "onclick ONCLICK onerror onload onmouseover onfocus onanimationstart ontoggle onpointerenter".split()
)
HANDLERS += [
    "on\x00click",
    "on\nclick",
    "onbegin",
    "xonclick",
    "on",
    "formaction",
    "style",
    "srcdoc",
    "xmlns",
]

OTHERS = r'''
<script>run()</script>
<SCRIPT>run()</SCRIPT>
<script src=https://evil.example/x.js></script>
<script/x>run()</script>
<script>run()
<scr<script>ipt>run()</scr</script>ipt>
<<script>run()//<</script>
<script\x20type="text/javascript">run()</script>
</script><script>run()</script>
<script>/*</style>*/run()</script>
<sCrIpT>/*<!--*/run()/*-->*/</sCrIpT>
<svg onload=run()>
<svg/onload=run()>
<svg><script>run()</script></svg>
<svg><script xlink:href=https://evil.example/x.js></script></svg>
<svg><a xlink:href="javascript:run()"><text y=9>x</text></a></svg>
<svg><animate onbegin=run() attributeName=x></svg>
<svg><set attributeName=href to=javascript:run()></svg>
<svg><use href="data:image/svg+xml,<svg id='x'/>#x"></svg>
<svg><foreignObject><iframe srcdoc="<script>run()</script>"></foreignObject></svg>
<svg><style><img src=x onerror=run()></style></svg>
<svg></p><style><a id="</style><img src=1 onerror=run()>">
<svg><desc><b onclick=run()>x</b></desc></svg>
<svg><title><img src=x onerror=run()></title></svg>
<math><mtext></p><style><img src=x onerror=run()></style></mtext></math>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=run()&gt;">
<math><mi xlink:href="javascript:run()">x</mi></math>
<math><annotation-xml encoding="text/html"><script>run()</script></annotation-xml></math>
<math href="javascript:run()">x</math>
<math><mtext><mglyph><svg><mtext><textarea><path id="</textarea><img onerror=run() src=1>">
<form><math><mtext></form><form><mglyph><style></math><img src onerror=run()>
<iframe src="javascript:run()"></iframe>
<iframe srcdoc="<script>run()</script>"></iframe>
<iframe srcdoc="&lt;script&gt;run()&lt;/script&gt;">
<iframe/onload=run()>
<frameset onload=run()><frame src=javascript:run()></frameset>
<object data="javascript:run()"></object>
<object data="data:text/html,<script>run()</script>"><p>x</object>
<object type=text/html data=https://evil.example/><param name=x value=y></object>
<embed src="javascript:run()">
<embed src=https://evil.example/x.swf allowscriptaccess=always>
<applet code=run.class archive=https://evil.example/x.jar></applet>
<style>@import 'https://evil.example/x.css'</style>
<style>*{background:url(javascript:run())}
<style><!--</style><script>run()//--></style>
<link rel=stylesheet href=https://evil.example/x.css>
<link rel=import href=https://evil.example/>
<meta http-equiv=refresh content="0;url=javascript:run()">
<meta http-equiv="Set-Cookie" content="x=y">
<meta charset=utf-7>+ADw-script+AD4-run()
<base href="javascript:run()//"><a href="x">x</a>
<base href=https://evil.example/><img src=x>
<form action="javascript:run()"><input type=submit></form>
<form><button formaction=javascript:run()>x</button></form>
<input onfocus=run() autofocus>
<input type=image src=x onerror=run()>
<isindex action=javascript:run() type=submit>
<keygen autofocus onfocus=run()>
<select autofocus onfocus=run()><option>x</select>
<textarea autofocus onfocus=run()>x</textarea>
<textarea></textarea><script>run()</script>
<button onclick=run()>x</button>
<marquee onstart=run()>x</marquee>
<details open ontoggle=run()>x</details>
<dialog open onclose=run()>x</dialog>
<body onload=run()>
<html onmouseover=run()>
<bgsound src="javascript:run()">
<table background="javascript:run()"><tr><td background="javascript:run()">x
<div style="background-image:url(javascript:run())">x</div>
<div style="width:expression(run())">x</div>
<div style="behavior:url(https://evil.example/x.htc)">x</div>
<div style="-moz-binding:url(https://evil.example/x.xml#x)">x</div>
<div style=x:expression\28 run\29>x</div>
<xss style="xss:expression(run())">x
<template><script>run()</script></template>
<template><img src=x onerror=run()></template>
<noscript><p title="</noscript><img src=x onerror=run()>">
<noscript><img src=x onerror=run()></noscript>
<nos<noscript>cript><img src=x onerror=run()></noscript>
<noembed><img title="</noembed><img src=x onerror=run()>"></noembed>
<noframes><img title="</noframes><img src=x onerror=run()>"></noframes>
<xmp><img title="</xmp><img src=x onerror=run()>"></xmp>
<title><img title="</title><img src=x onerror=run()>"></title>
<plaintext><script>run()</script>
<listing>&lt;img src=x onerror=run()&gt;</listing>
<!--<script>run()</script>-->
<!--><script>run()</script>-->
<!---><img src=x onerror=run()>-->
<!-- --!><img src=x onerror=run()> -->
<!--[if gte IE 4]><script>run()</script><![endif]-->
<![CDATA[<script>run()</script>]]>
<![CDATA[><img src=x onerror=run()>]]>
<!DOCTYPE html [<!ENTITY x "<script>run()</script>">]>&x;
<?xml-stylesheet href="javascript:run()"?>
<?php run() ?><b>x
<? <img src=x onerror=run()> ?>
</ <img src=x onerror=run()>
<%<img src=x onerror=run()>%>
<img src="x` `<script>run()</script>"` `>
<img """><script>run()</script>">
<img src=x:x onerror=run()//
<img src='1' onerror='run()' <
<img src=x onerror=run()
<a href="https://evil.example/" title="&quot; onclick=&quot;run()">x</a>
<a title="</a><img src=x onerror=run()>" href=x>x</a>
<a href='https://evil.example/"onclick="run()'>x</a>
<a href="https://evil.example/' onclick='run()">x</a>
<a href=`javascript:run()`>x</a>
<a href="https://evil.example/&quot;><script>run()</script>">x</a>
<a href=https://evil.example/><script>run()</script></a>
<a href=javascript:run()//https://morning.example/>x</a>
<a href="&#x6a;&#x61;vascript&#x3a;run()">x</a>
<a target=_blank rel=opener href=https://evil.example/>x</a>
<a ping=https://evil.example/ href=https://morning.example/>x</a>
<a download href=https://evil.example/x.exe>x</a>
<a href="https://user:secret@evil.example/">x</a>
<img src="https://evil.example/x" usemap="#m"><map name=m><area href=javascript:run()></map>
<img dynsrc=javascript:run() lowsrc=javascript:run()>
<img src=x longdesc=javascript:run()>
<image src=x onerror=run()>
<audio src=x onerror=run()></audio>
<video><source onerror=run() src=x></video>
<video><track src=javascript:run()></video>
<video controls src="javascript:run()" poster="data:text/html,x">x</video>
<q cite="javascript:run()">x</q><del cite="vbscript:x">x</del><ins cite=" javascript:run()">x</ins>
<p id=location name=cookie class=x>x</p>
<p contenteditable onblur=run() tabindex=1 autofocus>x
<p is=x-evil slot=y part=z>x
<b data-x="javascript:run()" aria-label=x role=button>x</b>
<time datetime="&quot;><script>run()</script>">x</time>
<p lang="&quot; onclick=&quot;run()" dir="javascript:run()">x
<td><script>run()</script></td>
<table><script>run()</script><tr><td><img src=x onerror=run()>
<table><style><img src=x onerror=run()></style></table>
<ul><li><ul><li><script>run()</script>
<p><table><p><script>run()</script></table></p>
<a><a><a><div><a href=javascript:run()>x
<b><p><b><p><script>run()</script>
<h1><button><h1><form><h1 onclick=run()>x
<div><br onload=run()><hr onclick=run()><wbr onfocus=run()>
&lt;script&gt;run()&lt;/script&gt;
&amp;lt;script&amp;gt;run()&amp;lt;/script&amp;gt;
&#60;script&#62;run()&#60;/script&#62;
&#x3c;script&#x3e;run()
&LT;script&GT;run()
%3Cscript%3Erun()%3C/script%3E
\u003cscript\u003erun()
＜script＞run()＜/script＞
+ADw-script+AD4-run()+ADw-/script+AD4-
x<y onclick=run()>z
<x:script xmlns:x="http://www.w3.org/1999/xhtml">run()</x:script>
<xml id=x><a><b>&lt;img src=x onerror=run()&gt;</b></a></xml>
<portal src="javascript:run()"></portal>
<slot onslotchange=run()></slot>
<custom-element onclick=run()>x</custom-element>
<3 onclick=run()>x
<>x</><script>run()</script>
< script>run()</ script>
<\x00script>run()</\x00script>
<scr\x00ipt>run()</scr\x00ipt>
<img src=x o\x00nerror=run()>
<img\x0bsrc=x\x0bonerror=run()>
<img\x0csrc=x\x0conerror=run()>
<img/\x00/src=x onerror=run()>
'''.strip().split("\n")


def vectors() -> list[str]:
    """Give all of them."""
    found = [carrier.replace("{}", scheme) for scheme in SCHEMES for carrier in CARRIERS]
    found += [event.replace("{}", handler) for handler in HANDLERS for event in EVENTS]
    escapes = {rf"\x{code:02x}": chr(code) for code in (0, 11, 12, 32)}
    for vector in OTHERS:
        for written, meant in escapes.items():
            vector = vector.replace(written, meant)
        found.append(vector)
    return found
