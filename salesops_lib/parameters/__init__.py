"""A company's parameters: what people write in YAML, checked before anything runs.

``read_parameters(folder)`` is the way in. The models here are the one definition: they check,
they write the JSON Schemas for editors, and they document every key.
"""

from salesops_lib.parameters.against_data import check_against_data
from salesops_lib.parameters.anonymous import without_people
from salesops_lib.parameters.company import Calendar, Company, Kpi, ReportChoices, Stage
from salesops_lib.parameters.duties import Duties
from salesops_lib.parameters.folder import Parameters, read_parameters
from salesops_lib.parameters.new_quarter import NewQuarter, write_new_quarter
from salesops_lib.parameters.plan import Band, Mix, PayMix, Plan, RolePay, Tier
from salesops_lib.parameters.process import Duty, Person, Practice, Process, Responsibilities, Review
from salesops_lib.parameters.quarter import Quarter, Quotas
from salesops_lib.parameters.schemas import write_schemas
from salesops_lib.parameters.source import (
    ColumnMapping,
    DatabaseSource,
    DatabaseTable,
    DemoSource,
    FilesSource,
    FileTable,
    Lookup,
    Source,
    TableMapping,
)
from salesops_lib.parameters.tools import Criterion, Tools, ToolThresholds

__all__ = [
    "Band",
    "Calendar",
    "ColumnMapping",
    "Company",
    "Criterion",
    "DatabaseSource",
    "DatabaseTable",
    "DemoSource",
    "Duties",
    "Duty",
    "FileTable",
    "FilesSource",
    "Kpi",
    "Lookup",
    "Mix",
    "NewQuarter",
    "Parameters",
    "PayMix",
    "Person",
    "Plan",
    "Practice",
    "Process",
    "Quarter",
    "Quotas",
    "ReportChoices",
    "Responsibilities",
    "Review",
    "RolePay",
    "Source",
    "Stage",
    "TableMapping",
    "Tier",
    "ToolThresholds",
    "Tools",
    "check_against_data",
    "read_parameters",
    "without_people",
    "write_new_quarter",
    "write_schemas",
]
