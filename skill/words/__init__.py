"""Facts to sentences: Fluent messages per locale, for the ear and for the eye."""

from skill.words.book import Book, book

__all__ = ["Book", "book"]
