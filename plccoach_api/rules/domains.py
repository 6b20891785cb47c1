"""The seven domains of a professional learning community's work."""

from enum import StrEnum


class Domain(StrEnum):
    assessment = "assessment"
    collaboration = "collaboration"
    leadership = "leadership"
    curriculum = "curriculum"
    data_analysis = "data_analysis"
    school_culture = "school_culture"
    student_learning = "student_learning"
