"""What rules may ask of an entry. Pure."""

from collections.abc import Iterable
from functools import cached_property

from feedhub import markup, urls
from feedhub.model import Entry, Kept, Person, Source
from feedhub.text import count_words
from feedhub.text.patterns import Text


class Facts:
    """What is known of an entry; each fact is found out once, and only if a rule asks for it."""

    def __init__(self, kept: Kept, source: Source) -> None:
        self.kept = kept
        self.entry = kept.entry
        self._source = source

    @cached_property
    def title(self) -> list[Text]:
        """Its title."""
        return [Text(self.entry.title)]

    @cached_property
    def text(self) -> list[Text]:
        """Its title, summary and content, together."""
        return [Text(" ".join((self.entry.title, *self._plain)))]

    @cached_property
    def source(self) -> list[Text]:
        """The name of its source."""
        return [Text(self._source.name)]

    @cached_property
    def group(self) -> list[Text]:
        """The groups of its source."""
        return [Text(group) for group in self._source.groups]

    @cached_property
    def category(self) -> list[Text]:
        """Its publisher's labels."""
        return [Text(label) for label in labels(self.entry)]

    @cached_property
    def author(self) -> list[Text]:
        """Its authors, else those of its source."""
        return [Text(author.name or author.email) for author in _authors(self.entry)]

    @cached_property
    def language(self) -> list[Text]:
        """Its language, with and without a region."""
        return [Text(self.entry.language), Text(self.entry.language.partition("-")[0])]

    @cached_property
    def host(self) -> list[Text]:
        """The host of the article."""
        return [Text(urls.host(self.entry.url))]

    @cached_property
    def image(self) -> bool:
        """Whether it has a picture."""
        entry = self.entry
        has_file = any(file.type.startswith("image/") for file in entry.enclosures)
        # The markup is safe, so that this cannot be a text that only says so.
        return entry.image is not None or has_file or "<img " in entry.content or "<img " in entry.summary

    @cached_property
    def words(self) -> int:
        """How many words its publisher gives of its text."""
        return max(map(count_words, self._plain))

    @cached_property
    def _plain(self) -> list[str]:
        return [markup.plain(self.entry.summary), markup.plain(self.entry.content)]


def labels(entry: Entry) -> list[str]:
    """Give the publisher's labels, as readers see them and as machines do."""
    return [name for category in entry.categories for name in (category.term, category.label) if name]


def _authors(entry: Entry) -> Iterable[Person]:
    return entry.authors or entry.origin.authors
