"""The words of a release: catalogues of whole sentences by id, one folder for each language.

`en/quality.toml` holds `[checks] title = "..."`, which has the id `quality.checks.title`. A second
language is a second folder with the same ids. Beside the folders stands what belongs to no
language: which cells sentences cite, which sentences a section has.
"""

from publications.words.catalogue import ENGLISH, Words, languages, words_in
from publications.words.no_language import declared
from publications.words.reading import Language

__all__ = ["ENGLISH", "Language", "Words", "declared", "languages", "words_in"]
