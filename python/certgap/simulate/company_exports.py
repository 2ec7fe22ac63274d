"""All deliveries of a company: each category by the vendors chosen for it, the rest generic.

Web and sign-in logs come beside the categories; nothing stands in for a log nobody chose.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from certgap.simulate.company import Company
from certgap.simulate.evidence_feeds import write_outcomes, write_surveys
from certgap.simulate.generic_exports import Progress, write_daily_usage, write_seats
from certgap.simulate.generic_lms import write_learning as write_generic_learning
from certgap.simulate.hris_exports import write_hris
from certgap.simulate.platform_exports import write_learning
from certgap.simulate.sources import Sources
from certgap.simulate.truth_tables import TruthTables
from certgap.simulate.usage_vendors import Setting


def write_company(
    out: Path,
    company: Company,
    sources: Sources,
    truth: TruthTables,
    fmt: str,
    monthly: bool,
    with_truth: bool,
    progress: Progress,
) -> None:
    """Every relation of the contract that the company fills."""
    # An HRIS lists everybody's mail, also of people nobody else listed.
    mail_is_listed = bool(sources.hris)
    claims = [claim for platform in sources.learning for claim in platform.claims(company)]
    claims += [claim for vendor in sources.usage.values() for claim in vendor.claims(company)]
    write_hris(out, company, truth, sources.hris, claims, fmt)
    progress("hris", 1.0)
    if sources.learning:
        write_learning(out, company, sources.learning, truth, mail_is_listed)
    else:
        _write_generic_learning(out, company, truth, fmt, mail_is_listed)
    write_surveys(out, company, truth, fmt, mail_is_listed)
    write_outcomes(out, company, truth, fmt)
    progress("lms", 1.0)
    vendors = {vendor.tool_id: vendor for vendor in sources.usage.values()}
    setting = Setting(out, company, truth, with_truth, mail_is_listed, progress)
    for vendor in vendors.values():
        vendor.write(setting)
    with_seats = [tool for tool in company.tools if not (v := vendors.get(tool)) or not v.has_seats]
    write_seats(out, company, with_seats, truth, fmt, mail_is_listed)
    others = [tool for tool in company.tools if tool not in vendors]
    if others:
        write_daily_usage(
            out, company, others, truth, fmt, monthly, with_truth, mail_is_listed, progress
        )
    for log in sources.logs:
        log.write(setting)
        progress(log.name, 1.0)


def _write_generic_learning(
    out: Path, company: Company, truth: TruthTables, fmt: str, mail_is_listed: bool
) -> None:
    """Courses and events of a company without a learning vendor."""
    registrations = company.training.registrations
    courses, events, newest = write_generic_learning(
        out,
        company.workforce,
        company.addresses,
        company.catalogue,
        company.events,
        registrations.attempt,
        registrations.score,
        company.settings,
        company.randomness,
        fmt,
        mail_is_listed,
    )
    source = pa.array(["generic"] * len(courses))
    truth.add("courses", courses.append_column("source_system", source))
    truth.add("events", events)
    truth.add_file("generic", "lms", "courses", company.last_delivery_day)
    truth.add_file("generic", "lms", "learning_events", newest)
