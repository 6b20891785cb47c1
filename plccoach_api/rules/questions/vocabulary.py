"""The words and phrases that show which domains a question belongs to, in upper or lower case."""

from collections.abc import Mapping

from plccoach_api.rules.domains import Domain

_PHRASES = {
    Domain.assessment: """
        assessment, assess, formative, summative, CFA, common formative assessment, test, quiz, exam, rubric,
        score, scoring, grade fairly, grading, grade, gradebook, retake, reassess, reassessment, exit ticket,
        check for understanding, benchmark test, performance task, item, multiple choice, question two,
        proficiency scale, calibrate, calibration, validity, reliability, self-assessment, portfolio, feedback
        on student work, standards-based grading, homework grade, late work, zero, answer key, exemplar,
        do-over, do over, redo, take it over, make-up test, mark, report card, missing work, fair question,
        unfair, bias, biased, word problem, judge their own work, self-score, mid-lesson, show of hands, see
        whether they get it, check whether they get it, show what they know
    """,
    Domain.collaboration: """
        collaboration, collaborate, collaborative, team, team meeting, meeting, agenda, norm, protocol for
        talking, facilitator, facilitate, notetaker, timekeeper, role, conflict, disagree, disagreement,
        dominate, silent member, singleton, vertical team, grade-level team, cross-grade, consensus, minutes,
        colleague, co-plan, co-teach, collective commitment, team time, PLC meeting, PLT, CLT, peer observation,
        accountable, work together, interdependent, virtual meeting, off topic, electronic team, lesson study,
        ground rule, how many people on a team, team size, time to meet, find time, time for meetings, when they
        meet, meet across grades, argue, arguing, get along, who to work with, only teacher of, peer feedback,
        structured feedback, tuning protocol, split up the time, attend, latecomer
    """,
    Domain.leadership: """
        leadership, leader, lead, principal, assistant principal, administrator, superintendent, guiding
        coalition, leadership team, ILT, district, district office, school board, budget, master schedule,
        shared leadership, distributed leadership, delegate, initiative, loose-tight, loose and tight, tight
        about, monitor, supervision, evaluate teachers, teacher evaluation, walkthrough, resistance, resistant,
        buy-in, staff turnover, succession, department chair, instructional coach, hire, hiring, rollout, change
        process, sustain, professional development, PD, first-year timeline, protect time, union, reculture,
        hand over, hand off, police, policing, steer, steering group, take over, drop in, owe, demand, veteran
        teacher, veteran, hard talk, confront, follow through, hold people to it, check on teams, check on
        groups, coach a team, coach a group, pressure and support
    """,
    Domain.curriculum: """
        curriculum, standard, essential standard, power standard, priority standard, unpack, unpacking,
        deconstruct, learning target, success criteria, I can statement, pacing, pacing guide, scope, sequence,
        scope and sequence, unit, unit plan, backward design, UbD, lesson plan, textbook, guaranteed and viable,
        GVC, viable curriculum, syllabus, question one, learning progression, proficiency map, vertical
        alignment, align, alignment, endurance leverage readiness, Common Core, CCSS, NGSS, course outline,
        cover everything, rigor, DOK, depth of knowledge, prerequisite, what to teach, instructional materials,
        calendar of units, objective, objective on the board, grades above and below, repeats and holes,
        overlap, what gets taught, plan the lessons, write the test first, most important standards,
        mastered each standard, how understanding grows
    """,
    Domain.data_analysis: """
        data, data analysis, data meeting, data protocol, data wall, data notebook, data team, item analysis,
        evidence, result, analyze results, analyse, disaggregate, disaggregation, subgroup, trend, pattern,
        spreadsheet, dashboard, chart, graph, SMART goal, SMART, baseline, compare results, comparison,
        achievement gap, test results, state test results, percent proficient, growth data, MAP scores, NWEA,
        root cause, data-driven, statistics, misconceptions across, track progress, progress data, benchmark
        data, numbers, metrics, kind of information, gather information, sign, early sign, predict, leading
        indicator, wrong option, wrong answer, distractor, kind of mistake, sort papers, binder, look at
        results, missed the question
    """,
    Domain.school_culture: """
        culture, school culture, climate, trust, belief, believe, mission, vision, value, mission statement,
        celebrate, celebration, morale, relationship, belonging, equity, families, family, parent, community
        partner, engage families, involve families, wellbeing, burnout, respect, SEL, social-emotional, PBIS,
        toxic, cynical, cynicism, blame, high expectations, growth mindset, collective efficacy, efficacy,
        psychological safety, induct, induction, new teachers, welcome, ritual, tradition, story, learning for
        all, our kids, my kids, isolation, recognition, inclusive, bullying, behavior expectations, home life,
        push back, pushback, friendly, congenial, collegial, promise, first-year teacher, stay in the
        profession, recognize, good work, award, unwritten rule, assumption, safe
    """,
    Domain.student_learning: """
        intervention, intervene, RTI, MTSS, response to intervention, tier 1, tier 2, tier 3, tier, pyramid,
        struggling, struggle, remediate, remediation, reteach, enrichment, extension, extend, gifted, already
        know, advanced students, differentiate, differentiation, differentiated, scaffold, scaffolding, UDL,
        universal design, English learner, ELL, EL, multilingual, IEP, special education, SPED, 504 plan, WIN
        time, flex time, intervention block, extra time, support students, small group, tutoring, tutor,
        engagement, engage students, motivation, motivate, question three, question four, absent, behind,
        falling behind, below grade level, below level, reads below, learning gap, dyslexia, reading
        intervention, did not learn, not learned, metacognition, student ownership, decode, phonics, after
        school, stay after school, extra help, emotion, handle their emotions, executive skills, study skills,
        comments on papers, comments students use, AI, chatbot, ChatGPT, newcomer, quick learner
    """,
}

VOCABULARY: Mapping[Domain, tuple[str, ...]] = {
    domain: tuple(" ".join(phrase.split()) for phrase in phrases.split(",")) for domain, phrases in _PHRASES.items()
}

# Common words, which a question of any domain may have. They weigh less than the others.
_COMMON_WORDS = """
    team meeting role value item lead leader result evidence grade test unit colleague standard
"""

# Strong words, which decide the domain of a question even next to words of other domains.
_STRONG_WORDS = """
    principal superintendent administrator district data intervention families parent RTI MTSS CFA
"""

# Stop words. A vague question has no other words.
_STOP_WORDS = """
    a about actually advice again all also always am an and any anybody anyone anything are as ask at bad be
    because been being best better big bit both but by can cannot change class classroom coach could deal
    did do does doing don done easy education educators effective either else ever every everyone everything
    explain feel few first for from get give go going good great had happen has have having he hello help
    her here hers herself hey hi him himself his how i idea ideas if important improve improving in info
    information into is isn issue it its itself just kid kids know learn learning let like little look lot
    make many matter may maybe me meeting meetings might mine more most much my myself need needs neither
    new next no not now of off on one only or other our out over own people person place please point
    problem put question questions quick really right s same say school schools see she should show
    situation so some somebody someone something start still student students stuff succeed such suggest
    suggestion suggestions support t take talk teach teacher teachers team teams tell thank thanks that the
    their them themselves then there these they thing things think this those time tip tips to today
    together too topic try understand up us use very want was way ways we well were what when where which
    who whom whose why will with without work working works would wrong yes yet you your
    anyway haha hm hmm huh lol nope oh ok okay pls plz sure though thx ty u ur wow yeah yep
"""

COMMON_WORDS = frozenset(_COMMON_WORDS.split())
STRONG_WORDS = frozenset(_STRONG_WORDS.split())
STOP_WORDS = frozenset(_STOP_WORDS.split())
