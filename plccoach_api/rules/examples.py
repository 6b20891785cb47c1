"""Questions to begin with, one for each domain. The sample corpus answers each of them."""

from collections.abc import Mapping

from plccoach_api.rules.domains import Domain

EXAMPLES: Mapping[str, Domain] = {
    "What are the four critical questions of a PLC?": Domain.student_learning,
    "How do we write norms that our team will keep?": Domain.collaboration,
    "What makes a good common formative assessment?": Domain.assessment,
    "How do we choose essential standards?": Domain.curriculum,
    "How should our team look at results together?": Domain.data_analysis,
    "How can a principal support collaborative teams?": Domain.leadership,
    "How do we build trust and a healthy school culture?": Domain.school_culture,
}
