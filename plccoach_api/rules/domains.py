"""The seven domains of a professional learning community's work."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

_MOST_DOMAINS = 3


class Domain(StrEnum):
    assessment = "assessment"
    collaboration = "collaboration"
    leadership = "leadership"
    curriculum = "curriculum"
    data_analysis = "data_analysis"
    school_culture = "school_culture"
    student_learning = "student_learning"


@dataclass(frozen=True, slots=True)
class DomainDescription:
    label: str
    description: str
    vocabulary: str
    """Typical words. The vectors that label passages are made of all three texts."""


DESCRIPTIONS: Mapping[Domain, DomainDescription] = {
    Domain.assessment: DomainDescription(
        "Assessment",
        "Finding out what students have learned: common formative assessments, rubrics, grading and feedback.",
        "assessment test quiz formative summative common formative assessment rubric scoring criteria grade grading "
        "retake feedback check for understanding exit ticket proficiency items moderation student self-assessment",
    ),
    Domain.collaboration: DomainDescription(
        "Collaboration",
        "Working as a team: norms, roles, agendas, time to meet, conflict, consensus and trust among colleagues.",
        "collaborative team meeting norms roles agenda minutes facilitator protocol consensus conflict colleagues "
        "collaboration time schedule vertical team singleton interdependence accountability to one another",
    ),
    Domain.leadership: DomainDescription(
        "Leadership",
        "Leading the work: principals, guiding coalitions, shared leadership, resources, support and accountability.",
        "principal leader leadership guiding coalition administrator superintendent district office coaching teacher "
        "leaders loose tight resources monitor change resistance vision decision supervision hiring",
    ),
    Domain.curriculum: DomainDescription(
        "Curriculum",
        "What students should learn: essential standards, targets, pacing, a guaranteed and viable curriculum.",
        "curriculum essential standards power standards priority standards unpack learning targets pacing guide scope "
        "and sequence guaranteed viable curriculum unit plan vertical alignment textbook learning progression",
    ),
    Domain.data_analysis: DomainDescription(
        "Data analysis",
        "Reading evidence: results item by item, trends and gaps, data meetings, SMART goals and what to do next.",
        "data evidence results analysis chart spreadsheet data wall trend achievement gap SMART goal item analysis "
        "data meeting protocol error pattern baseline target percent proficient disaggregate dashboard",
    ),
    Domain.school_culture: DomainDescription(
        "School culture",
        "What a school holds dear: mission, vision and values, high expectations, belonging, families, celebration.",
        "school culture mission vision values commitments beliefs climate celebration trust belonging expectations "
        "families community equity relational safety rituals traditions toxic staff morale",
    ),
    Domain.student_learning: DomainDescription(
        "Student learning",
        "Responding when students have not learned, or already have: tiers, intervention, extension, support for all.",
        "student intervention extension enrichment tier RTI MTSS response to intervention multi-tiered system of "
        "supports struggling students English learners special education behavior attendance screening progress "
        "monitoring extra time reteach differentiation scaffold engagement",
    ),
}


def first_domains(domains: Iterable[Domain]) -> tuple[Domain, ...]:
    """Returns the first of the domains, each once, and no more than an answer has."""
    return tuple(dict.fromkeys(domains))[:_MOST_DOMAINS]
