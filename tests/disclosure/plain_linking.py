"""Linking cell by cell, for tests: which cells tables hold, in which order, and what adds to what.

Shares nothing with the library but the form of a label: no numbers, no sorting, no search.
"""

from __future__ import annotations

from disclosure.tables.coordinates import Cell


def linked(tables, hierarchies):
    """Return the cells in the order in which they are met, and the sums as (total, parts)."""
    cells = list(dict.fromkeys(cell for rows in named(tables, hierarchies) for cell in rows))
    place = {cell: number for number, cell in enumerate(cells)}
    sums = []
    for name, trees in listed(hierarchies):
        for tree in trees:
            for parent in dict.fromkeys(above for above in tree.values() if above is not None):
                family = [code for code, above in tree.items() if above == parent]
                for cell in cells:
                    if code_of(cell, name, top(trees)) == parent:
                        parts = [place.get(moved(cell, name, child)) for child in family]
                        sums += [] if None in parts else [(place[cell], parts)]
    return cells, sums


def named(tables, hierarchies):
    """Return, for each table with rows, the cell of each row."""
    tops = {name: top(trees) for name, trees in listed(hierarchies)}
    found = []
    for frame in tables.values():
        used = sorted(set(hierarchies) & set(frame.columns))
        rows = []
        for row in frame.iter_rows(named=True):
            pairs = tuple((name, row[name]) for name in used if row[name] != tops[name])
            flat = [n for n in ("statistic", "population", "period") if n not in hierarchies]
            identity = {name: str(row[name]) for name in flat if name in row}
            rows.append(Cell(pairs, **(dict.fromkeys(Cell._fields[1:], "") | identity)))
        found += [rows] if rows else []
    return found


def listed(hierarchies):
    return [
        (name, [given] if isinstance(given, dict) else given) for name, given in hierarchies.items()
    ]


def top(trees):
    """Return the one code that all hierarchies have above all others, if there is one."""
    roots = set()
    for tree in trees:
        codes = dict.fromkeys([*tree, *filter(None, tree.values())])
        here = [code for code in codes if tree.get(code) is None]
        roots.add(here[0] if len(here) == 1 else None)
    return roots.pop() if len(roots) == 1 else None


def code_of(cell, name, otherwise):
    return dict(cell.codes).get(name, otherwise)


def moved(cell, name, child):
    """Return the cell with another code of one variable."""
    others = [pair for pair in cell.codes if pair[0] != name]
    return cell._replace(codes=tuple(sorted([*others, (name, child)])))


def matrix(count, sums):
    """Return the sums as lists: +1 at the total, -1 at its parts."""
    lines = [[0] * count for _ in sums]
    for line, (total, parts) in zip(lines, sums, strict=True):
        line[total] = 1
        for part in parts:
            line[part] = -1
    return lines
