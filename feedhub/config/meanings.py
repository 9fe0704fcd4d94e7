"""What each key of config.toml means, in the words of docs/configuration.md; editors show them. Pure."""

# By the classes of `tables`; under "" what the table itself is.
MEANINGS: dict[str, dict[str, str]] = {
    "SiteTable": {
        "": "Who publishes, and where.",
        "title": "what readers see",
        "url": (
            "the public address, perhaps with a path, without a query:"
            " every link that is published starts with it"
        ),
        "timezone": 'an IANA name such as "Asia/Yerevan": decides what a day is',
        "language": 'a BCP 47 tag such as "hy" or "pt-BR"',
        "contact": "an e-mail or web address: told to publishers in our User-Agent, and to readers",
        "icon": (
            "the address of a picture; a relative one starts from url."
            " A PNG that stands in feeds/ is the favicon too"
        ),
        "theme": "a folder of templates and a style sheet that stand in place of our own",
        "security": (
            "an e-mail or web address for reports of weaknesses, told in security.txt;"
            " without it there is none"
        ),
        "search": "whether readers may search what is published; false where no program serves the pages",
    },
    "DefaultsTable": {
        "": "What every source inherits unless its own table says otherwise.",
        "every": (
            'how often to look at most: at least "1m"; for documents on disk and the addresses in'
            ' [fetch] private at least "1s"'
        ),
        "keep": "how long the text of an entry is kept: so far forever is all there is",
    },
    "TermsTable": {
        "": "On what terms a publisher lets us quote.",
        "show": 'how much is shown: "title", "summary" or "full"',
        "excerpt": "characters of the publisher's text in a summary, at most",
        "credit": (
            'where the hyperlink to the article stands: "first-passage", "top", "bottom",'
            ' or "none" for texts of your own'
        ),
        "text": "what is linked to the article; {source} stands for the publisher's name",
        "pictures": "whether pages may show the publisher's pictures, from its own host",
        "rule": "the publisher's own words on quoting; rights of an entry where it and its feed state none",
        "license": "the address of a license",
    },
    "SourceTable": {
        "": "A feed that is read.",
        "url": "an http(s) address, or the path of a document",
        "name": "our key for the source; two sources at one host need names",
        "title": "what readers see; without it, what the feed calls itself",
        "groups": "our labels, for feeds to take by",
        "every": "how often to look at most",
        "timezone": "for dates that name no zone",
        "language": "for entries that name none",
        "auth": '"bearer:${TOKEN}" or "basic:NAME:${PASSWORD}"',
        "paused": "not polled unless named on the command line",
        "public": "named in subscriptions.opml; a source with a secret, and a document on disk, never is",
    },
    "FeedTable": {
        "": "What is published, as /NAME.rss, /NAME.atom, /NAME.json and the page /NAME/.",
        "title": "what readers see",
        "about": "one sentence on what the feed holds",
        "mode": (
            '"automatic" publishes all that no rule and no editor keeps out, "curated" only what one of them'
            " includes or features"
        ),
        "limit": "entries of the document to subscribe to, beyond the open day, which is always whole",
        "closes": "how long a day waits, after its end, for late entries",
        "per_source": "entries of one source on one day, at most",
        "share": "the part of a day's entries that one source may have when others have some, such as 0.4",
        "order": '"time" puts the newest first, "featured" before that what leads and what is featured',
        "group": (
            '"story": the same news from several sources is told once, the others named and linked; or "none"'
        ),
        "timezone": "decides what a day is",
        "language": "the language of the feed",
    },
    "TakeTable": {
        "": "Which entries a feed takes; without this table, everything.",
        "groups": "groups that sources are in",
        "sources": "names of sources",
        "categories": "the publishers' own labels, in large or small letters",
    },
    "SectionTable": {
        "": "A part of the page under a heading of its own: the first that takes an entry has it.",
        "title": "what stands above it",
        "language": "the language of the title, where it is not the feed's",
        "groups": "groups that sources are in",
        "sources": "names of sources",
        "categories": "the publishers' own labels, in large or small letters",
    },
    "RuleTable": {
        "": "Read from the top: the first that fits an entry decides.",
        "then": '"include", "feature", "hold" or "drop"',
    },
    "WhenTable": {
        "": "What an entry must be for the rule to fit: all that is named, and of each list any.",
        "title": "patterns for the title",
        "text": "patterns for title, summary and content together",
        "source": "patterns for the source's name",
        "group": "groups of the source",
        "category": "the publisher's labels",
        "author": "names of authors",
        "language": 'the language of the entry: a tag such as "hy" or "pt-BR", or a glob or an expression',
        "host": 'the host of the article, such as "*.press.example"',
        "age": "at least this old when it was first seen",
        "image": "whether it has a picture",
        "words": "at least so many words in what the publisher gives of the text",
        "any": "a list of tables such as this one: at least one of them fits",
        "all": "a list of tables such as this one: each of them fits",
        "not": "a table such as this one: it does not fit",
    },
    "FetchTable": {
        "": "What fetching and reading may cost you and others.",
        "at_once": "sources in flight",
        "per_host": "of them at one host",
        "connect": "for a connection",
        "first_byte": "until an answer begins",
        "timeout": "for the whole answer, redirects included",
        "pause": "between two starts at one host",
        "max_size": "of a document, decoded",
        "max_hops": "redirects that are followed",
        "private": '"host:port" addresses on your own network that may be read',
        "workers": "processes that read documents",
        "cpu": "what reading one document may take",
        "memory": "what reading one document may take",
        "max_new": "new entries of a source at one poll; the rest waits for the next",
        "max_day": "and on one day",
        "proxy": 'such as "http://proxy:3128" or "socks5h://proxy:1080"',
    },
    "ServerTable": {
        "": "Where and how the finished documents are served.",
        "listen": 'host and port; an IPv6 address in brackets. With "0.0.0.0:8000" say [site] url too',
        "cache": "how long others may keep a document without asking again",
        "proxies": "IP addresses of reverse proxies whose forwarded headers are believed",
        "metrics": (
            'host and port at which Prometheus may ask for metrics, such as "127.0.0.1:9100";'
            " without it nobody can"
        ),
        "access_log": (
            'a file that each request is written to, or "-" for the standard output;'
            " it holds addresses of readers"
        ),
    },
    "EmbedTable": {
        "": "Who may show our feeds within their own pages.",
        "allow": (
            'sites that may show /NAME/frame/ in a frame: "*" for all, or such as "https://*.example.org";'
            " [] for none but the hub itself"
        ),
    },
    "StoreTable": {
        "": "Where entries and finished documents are kept.",
        "url": 'the database: sqlite:/// and a path, or such as "postgresql://feedhub@db/feedhub"',
        "feeds": "the folder of the finished documents; all that is in it is published",
    },
}
