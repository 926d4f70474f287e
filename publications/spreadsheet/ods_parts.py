"""The parts of an OpenDocument spreadsheet that do not depend on the figures."""

from __future__ import annotations

from html import escape

from publications.words import Language
from schemas.opendocument import HEAD, NAMES, VERSION, Setting, view_settings

TEXT = 'style:font-name="Arial" fo:font-size="12pt" fo:color="#000000"'
WRAP = '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/>'
FONTS = (
    '<office:font-face-decls><style:font-face style:name="Arial" svg:font-family="Arial" '
    'style:font-family-generic="swiss"/></office:font-face-decls>'
)


def content_head(widths: dict[str, str], decimals: list[int], language: Language) -> str:
    """Return the start of content.xml with the automatic styles of columns, rows and cells.

    Style names have two characters or more: with one, LibreOffice fails to save the file.
    """
    columns = "".join(
        f'<style:style style:name="{name}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width}"/></style:style>'
        for width, name in widths.items()
    )
    row = (
        '<style:style style:name="ro1" style:family="table-row">'
        '<style:table-row-properties style:use-optimal-row-height="true"/></style:style>'
    )
    sheet = (
        '<style:style style:name="ta1" style:family="table" style:master-page-name="Default">'
        '<style:table-properties table:display="true"/></style:style>'
    )
    return (
        f"{HEAD}<office:document-content {NAMES} {VERSION}>{FONTS}<office:automatic-styles>"
        f"{columns}{row}{sheet}{_formats(decimals, language)}{_cells(decimals)}"
        "</office:automatic-styles><office:body><office:spreadsheet>"
    )


def _formats(decimals: list[int], language: Language) -> str:
    numbers = "".join(
        f'<number:number-style style:name="nf{places}">'
        '<number:number number:min-integer-digits="1" '
        f'number:decimal-places="{places}" number:min-decimal-places="{places}" '
        'number:grouping="true"/></number:number-style>'
        for places in decimals
    )
    return numbers + (
        f'<number:date-style style:name="df1" number:language="{language.tag}" '
        f'number:country="{language.country}">'
        "<number:day/><number:text> </number:text>"
        '<number:month number:style="long" number:textual="true"/>'
        '<number:text> </number:text><number:year number:style="long"/></number:date-style>'
    )


def _cells(decimals: list[int]) -> str:
    left, right = _aligned("start"), _aligned("end")
    bold = '<style:text-properties fo:font-weight="bold"/>'
    return (
        _cell("ce1", left)
        + _cell("ce2", left + bold)
        + _cell("ce3", right + bold)
        + _cell("ce4", right)
        + _cell("ce5", right, "df1")
        + "".join(_cell(f"cn{places}", right, f"nf{places}") for places in decimals)
    )


def _aligned(side: str) -> str:
    return f'{WRAP}<style:paragraph-properties fo:text-align="{side}"/>'


def _cell(name: str, properties: str, data_style: str = "") -> str:
    data = f' style:data-style-name="{data_style}"' if data_style else ""
    return (
        f'<style:style style:name="{name}" style:family="table-cell" '
        f'style:parent-style-name="Default"{data}>{properties}</style:style>'
    )


def styles(language: Language) -> str:
    """Return styles.xml: named styles, and a page without header or footer."""
    text = f'{TEXT} fo:language="{language.tag}" fo:country="{language.country}"'
    empty = "".join(f'<style:{part} style:display="false"/>' for part in ("header", "footer"))
    return (
        f"{HEAD}<office:document-styles {NAMES} {VERSION}>{FONTS}<office:styles>"
        '<style:default-style style:family="table-cell">'
        f"<style:text-properties {text}/></style:default-style>"
        '<style:style style:name="Default" style:family="table-cell">'
        f"<style:text-properties {text}/></style:style>"
        '<style:style style:name="Heading_20_1" style:display-name="Heading 1" '
        'style:family="table-cell" style:parent-style-name="Default">'
        f"{WRAP}"
        '<style:text-properties fo:font-size="16pt" fo:font-weight="bold"/></style:style>'
        '<style:style style:name="Internet_20_link" style:display-name="Internet link" '
        'style:family="text"><style:text-properties fo:color="#1d4f91" '
        'style:text-underline-style="solid"/></style:style>'
        "</office:styles><office:automatic-styles>"
        '<style:page-layout style:name="pm1"><style:page-layout-properties '
        'style:print-orientation="landscape" fo:page-width="29.7cm" fo:page-height="21cm"/>'
        "<style:header-style/><style:footer-style/></style:page-layout>"
        "</office:automatic-styles><office:master-styles>"
        '<style:master-page style:name="Default" style:page-layout-name="pm1">'
        f"{empty}</style:master-page></office:master-styles></office:document-styles>"
    )


def meta(title: str, author: str, moment: str, language: Language) -> str:
    """Return meta.xml: title, language, author (an organisation) and the stated date."""
    return (
        f"{HEAD}<office:document-meta {NAMES} {VERSION}><office:meta>"
        f"<dc:title>{escape(title)}</dc:title><dc:creator>{escape(author)}</dc:creator>"
        f"<meta:initial-creator>{escape(author)}</meta:initial-creator>"
        f"<dc:date>{moment}</dc:date><dc:language>{language.locale}</dc:language>"
        "</office:meta></office:document-meta>"
    )


def settings(sheets: list[str]) -> str:
    """Return settings.xml: the file opens on the first sheet with the cursor in its first cell."""
    first_cell: tuple[Setting, ...] = (("CursorPositionX", "int", 0), ("CursorPositionY", "int", 0))
    return view_settings(dict.fromkeys(sheets, first_cell))
