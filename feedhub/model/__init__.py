"""The nouns: what the parts of FeedHub hand each other. Standard library only.

In all of them: URLs are absolute http(s), but for a source on disk (file:); datetimes are aware and in
UTC; HTML is already safe; absent text is "", absent collections are (); None means unknown.
"""

from feedhub.model.configured import (
    Feed,
    Grouping,
    Limits,
    Mode,
    Order,
    Placement,
    Rule,
    Secret,
    Section,
    Show,
    Site,
    Source,
    Take,
    Terms,
    Verdict,
    When,
)
from feedhub.model.decided import Act, Decision
from feedhub.model.given import (
    MOST_REFUSED,
    Category,
    Comments,
    Element,
    Enclosure,
    Entry,
    Image,
    NotTaken,
    Origin,
    Person,
    Reading,
)
from feedhub.model.polled import Known, Request, Response, Saved, Unchanged, Visit
from feedhub.model.published import Deleted, Edition, Fault, Kept, Placed, Story

__all__ = [
    "MOST_REFUSED",
    "Act",
    "Category",
    "Comments",
    "Decision",
    "Deleted",
    "Edition",
    "Element",
    "Enclosure",
    "Entry",
    "Fault",
    "Feed",
    "Grouping",
    "Image",
    "Kept",
    "Known",
    "Limits",
    "Mode",
    "NotTaken",
    "Order",
    "Origin",
    "Person",
    "Placed",
    "Placement",
    "Reading",
    "Request",
    "Response",
    "Rule",
    "Saved",
    "Secret",
    "Section",
    "Show",
    "Site",
    "Source",
    "Story",
    "Take",
    "Terms",
    "Unchanged",
    "Verdict",
    "Visit",
    "When",
]
