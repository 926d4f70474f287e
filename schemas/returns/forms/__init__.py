"""The template of the return, from its declarations: workbooks and CSV files to fill in."""

from schemas.returns.forms.book import Book, FormCells, FormSheet
from schemas.returns.forms.examples import example_rows
from schemas.returns.forms.files import csv_files, template_files
from schemas.returns.forms.ods import write_ods
from schemas.returns.forms.sheets import form, known_fields
from schemas.returns.forms.xlsx import write_xlsx

__all__ = [
    "Book",
    "FormSheet",
    "FormCells",
    "csv_files",
    "example_rows",
    "form",
    "known_fields",
    "template_files",
    "write_ods",
    "write_xlsx",
]
