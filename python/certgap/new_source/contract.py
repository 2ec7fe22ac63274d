"""What each relation of the canonical contract needs from a vendor.

The columns are those of ``models/canonical``; a test holds the two together. Kinds as in
``macros/sources/contract_columns.sql``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ALIAS = {"alias_type": "code", "alias_value": "alias"}
EVENT_TYPES = (
    "assigned",
    "enrolled",
    "started",
    "progressed",
    "completed",
    "passed",
    "failed",
    "withdrawn",
    "waived",
    "satisfied",
)
# Dates without a time of day must not be shifted by a time zone.
PRECISION = (
    "case when length(trim(cast({occurred_at} as string))) <= 10 then 'date' else 'instant' end"
)


@dataclass(frozen=True)
class Relation:
    """One relation: where it may come from, its columns and its key."""

    name: str
    says: str
    categories: tuple[str, ...]
    columns: Mapping[str, str]
    required: tuple[str, ...]
    key: tuple[str, ...]
    defaults: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    calendar_days: tuple[str, ...] = ()


RELATIONS = {
    relation.name: relation
    for relation in (
        Relation(
            "employees",
            "One row per employee.",
            ("hris",),
            {
                "employee_id": "text",
                "hire_date": "date",
                "original_hire_date": "date",
                "termination_date": "date",
                "country": "text",
                "timezone": "text",
                "is_contingent": "boolean",
            },
            ("employee_id",),
            ("employee_id",),
        ),
        Relation(
            "employment_history",
            "One row per employee, valid_from and seq, and per recorded version of it.",
            ("hris",),
            {
                "employee_id": "text",
                "valid_from": "date",
                "valid_to": "date",
                "seq": "bigint",
                "manager_employee_id": "text",
                "job_title": "text",
                "job_family": "text",
                "role_group": "text",
                "department": "text",
                "division": "text",
                "location": "text",
                "cost_center": "text",
                "employment_status": "text",
                "is_primary": "boolean",
                "valid_basis": "code",
                "recorded_at": "timestamp",
            },
            ("employee_id",),
            ("employee_id", "valid_from", "seq", "is_primary", "recorded_at"),
        ),
        Relation(
            "leave_periods",
            "One row per employee and first day of leave.",
            ("hris",),
            {
                "employee_id": "text",
                "leave_start": "date",
                "leave_end": "date",
                "leave_type": "text",
            },
            ("employee_id", "leave_start"),
            ("employee_id", "leave_start"),
        ),
        Relation(
            "identity_aliases",
            "One row per claim that an alias belongs to an employee from a date on.",
            ("hris", "lms", "usage"),
            {
                "employee_id": "text",
                **ALIAS,
                "valid_from": "date",
                "valid_to": "date",
                "method": "text",
                "confidence": "text",
            },
            ("employee_id", "alias_type", "alias_value"),
            ("employee_id", "alias_type", "alias_value", "valid_from"),
        ),
        Relation(
            "courses",
            "One row per course.",
            ("lms",),
            {
                "course_id": "text",
                "source_course_id": "text",
                "version": "text",
                "title": "text",
                "provider": "text",
                "kind": "code",
                "delivery_format": "text",
                "is_role_specific": "boolean",
                "duration_minutes": "double",
                "published_at": "timestamp",
                "last_updated_at": "timestamp",
                "parent_course_id": "text",
                "equivalent_to": "text",
            },
            ("course_id",),
            ("course_id",),
            defaults={"kind": "'course'"},
            codes={"kind": ("course", "path", "badge", "assessment")},
        ),
        Relation(
            "learning_events",
            "One row per event of one person with one course.",
            ("lms",),
            {
                "event_id": "text",
                **ALIAS,
                "course_id": "text",
                "attempt_id": "text",
                "event_type": "code",
                "occurred_at": "timestamp",
                "time_precision": "code",
                "received_at": "timestamp",
                "score_scaled": "double",
                "success": "boolean",
                "duration_seconds": "double",
                "is_required": "boolean",
                "is_voided": "boolean",
                "raw_status": "text",
            },
            ("event_id", "alias_type", "alias_value", "course_id", "event_type", "occurred_at"),
            ("event_id",),
            defaults={"time_precision": PRECISION, "is_voided": "false"},
            codes={"event_type": EVENT_TYPES, "time_precision": ("date", "instant")},
        ),
        Relation(
            "surveys",
            "One row per response and question.",
            ("lms",),
            {
                "response_id": "text",
                **ALIAS,
                "survey_kind": "code",
                "question_id": "text",
                "value_number": "double",
                "value_text": "text",
                "responded_at": "timestamp",
            },
            ("response_id", "question_id"),
            ("response_id", "question_id"),
        ),
        Relation(
            "outcomes",
            "One row per subject, metric and period.",
            ("lms", "hris"),
            {
                "subject_type": "code",
                "subject_id": "text",
                "metric_id": "code",
                "period_start": "date",
                "period_end": "date",
                "value": "double",
                "exposure": "double",
            },
            ("subject_type", "subject_id", "metric_id", "period_start", "period_end"),
            ("subject_type", "subject_id", "metric_id", "period_start", "period_end"),
        ),
        Relation(
            "tool_licences",
            "One row per tool, alias and first day of a seat.",
            ("usage",),
            {
                "tool_id": "text",
                **ALIAS,
                "valid_from": "date",
                "valid_to": "date",
                "status": "code",
                "monthly_cost": "double",
            },
            ("tool_id", "alias_type", "alias_value"),
            ("tool_id", "alias_type", "alias_value", "valid_from"),
        ),
        Relation(
            "tool_usage_daily",
            "One row per tool, alias, day and surface.",
            ("usage",),
            {
                "tool_id": "text",
                **ALIAS,
                "usage_date": "date",
                "surface": "text",
                "interactions": "bigint",
                "sessions": "bigint",
                "is_active": "boolean",
                "is_final": "boolean",
            },
            ("tool_id", "alias_type", "alias_value", "usage_date"),
            ("tool_id", "alias_type", "alias_value", "usage_date", "surface"),
            defaults={"surface": "'unspecified'"},
            calendar_days=("usage_date",),
        ),
        Relation(
            "tool_usage_period",
            "One row per tool, alias and reported period.",
            ("usage",),
            {
                "tool_id": "text",
                **ALIAS,
                "period_start": "date",
                "period_end": "date",
                "first_active_date": "date",
                "last_active_date": "date",
                "active_days": "bigint",
                "interactions": "bigint",
            },
            ("tool_id", "alias_type", "alias_value", "period_start", "period_end"),
            ("tool_id", "alias_type", "alias_value", "period_start", "period_end"),
        ),
        Relation(
            "deliveries",
            "One row per delivery of a feed: which days it speaks for.",
            ("hris", "lms", "usage"),
            {
                "feed": "code",
                "tool_id": "text",
                "delivery_id": "text",
                "received_at": "timestamp",
                "date_from": "date",
                "date_to": "date",
                "max_complete_date": "date",
                "row_count": "bigint",
                "population_scope": "code",
                "is_concealed": "boolean",
                "is_failed": "boolean",
            },
            ("feed", "delivery_id"),
            ("feed", "tool_id", "delivery_id"),
        ),
    )
}

# What a feed of a category fills unless somebody says otherwise.
USUAL_RELATION = {"hris": "employees", "lms": "learning_events", "usage": "tool_usage_daily"}
