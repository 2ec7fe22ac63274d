"""Every fault, by subject."""

from __future__ import annotations

from certgap.faults.fault import Fault
from certgap.faults.files import FILES
from certgap.faults.hris import HR
from certgap.faults.learning import LEARNING
from certgap.faults.native import OWN
from certgap.faults.reference import REFERENCE
from certgap.faults.usage import USE

SUBJECTS = (FILES, HR, LEARNING, USE, REFERENCE, OWN)
FAULTS: dict[str, Fault] = {}
for _subject in SUBJECTS:
    for _fault in _subject.faults:
        if _fault.id in FAULTS:
            raise ValueError(f"two faults are called {_fault.id}")
        FAULTS[_fault.id] = _fault
