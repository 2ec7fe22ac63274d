"""Every learning platform the simulator can write, by the name it is chosen by."""

from certgap.simulate.platforms.badges_and_records import (
    GoogleSkills,
    SapLearningHub,
    ServicenowLearning,
    Trailhead,
)
from certgap.simulate.platforms.company_systems import Docebo, Moodle, ScormCloud, VivaLearning
from certgap.simulate.platforms.course_libraries import (
    Coursera,
    Degreed,
    EdxBusiness,
    UdemyBusiness,
)
from certgap.simulate.platforms.hr_suites import SuccessfactorsLearning, WorkdayLearning
from certgap.simulate.platforms.of_the_seeds import Cornerstone, LinkedinLearning, Xapi, XapiPages
from certgap.simulate.platforms.platform import Platform, own_events

PLATFORMS: dict[str, Platform] = {
    platform.choice: platform
    for platform in (
        Cornerstone(),
        Xapi(),
        LinkedinLearning(),
        ScormCloud(),
        WorkdayLearning(),
        SuccessfactorsLearning(),
        Degreed(),
        UdemyBusiness(),
        Coursera(),
        EdxBusiness(),
        VivaLearning(),
        Docebo(),
        Moodle(),
        Trailhead(),
        GoogleSkills(),
        ServicenowLearning(),
        SapLearningHub(),
        XapiPages(),
    )
}

__all__ = ["PLATFORMS", "Platform", "own_events"]
