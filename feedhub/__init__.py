"""FeedHub reads many source feeds and publishes a curated Day newsfeed, every entry linked to its source."""

__version__ = "0.1.0"
