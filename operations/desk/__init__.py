"""The desk: pages for statisticians on what was built, why it is so, and what waits for them.

What a page shows is gathered from a home, and rendered. Who may ask for it is not decided here.
"""
