"""Sales operations in notebooks: one library behind the playbook and the reports.

Importing this package alone stays light; each area is imported where it is used.
"""

__version__ = "0.1.0"
