"""Questions that the sample handbook answers, and questions that it does not."""

ANSWERABLE = (
    "What are the four critical questions of a PLC?",
    "How should a team set norms?",
    "What makes a common formative assessment useful?",
    "How do we unpack essential standards?",
    "What is the difference between Tier 2 and Tier 3 in RTI?",
    "How should a team look at assessment data together?",
    "What does a guiding coalition do?",
    "How can a principal protect collaboration time?",
    "How do we build trust among teachers?",
    "How can teams support English learners?",
    "What should our first PLC meeting look like?",
    "How often should teams meet?",
    "What is a guaranteed and viable curriculum?",
    "How do we write a SMART goal?",
    "What should happen in an intervention block?",
    "How do we handle conflict in a team?",
    "What is the role of the principal in a PLC?",
    "How can singletons collaborate?",
    "How do we grade fairly?",
    "What are power standards?",
    "Should students be allowed to retake tests?",
    "How do we support students who already know the material?",
    "What is a data wall?",
    "How do we involve families?",
    "How do new teachers get inducted into a PLC?",
    "What is lesson study?",
    "How can AI be used responsibly by teachers?",
    "What does MTSS stand for?",
    "How do we keep a PLC going after staff turnover?",
    "What is loose-tight leadership?",
)

UNANSWERABLE = (
    "What is the capital of France?",
    "What is the best pizza recipe?",
    "How do I fix a leaking kitchen tap?",
    "Who won the football world cup in 1998?",
    "Translate good morning into Japanese",
    "What is the airspeed velocity of an unladen swallow?",
    "') OR 1=1; DROP TABLE chunks; --",
    "x",
    "How do I change a car tyre?",
    "What is the weather tomorrow?",
    "Write me a poem about the sea",
    "What is the square root of 144?",
    "Who is the president of Brazil?",
    "Best laptops under 1000 dollars",
    "How do I cook rice?",
    "What time is it in Tokyo?",
    "Explain quantum entanglement",
    "What are the symptoms of influenza?",
    "How do I invest in stocks?",
    "Recommend a movie for tonight",
    "What is the population of Canada?",
    "How do vaccines work?",
    "How do I train for a marathon?",
    "What is blockchain?",
    "How long do cats live?",
    "Can you book a flight to Rome?",
    "What is the meaning of life?",
    "How do I learn to play the guitar?",
)

# A handbook has its words, too (chunks, tables, dropping), so it gets quotes that are said to be no answer.
SHARES_WORDS = "') OR 1=1; DROP TABLE chunks; --"
# The handbook is about teaching, and says nothing about this.
NEAR = "How do I teach the causes of the First World War?"

# Questions without a subject.
VAGUE = ("it was of the", "???", "Help")
