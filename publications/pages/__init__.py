"""HTML pages and charts: templates filled with protected figures and words."""
