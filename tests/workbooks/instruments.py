"""A small questionnaire with every kind of field, in several languages, and answers to it."""

from survey.core.answers import Answer, NonAnswer, Row
from survey.core.instrument import (
    FORMAT,
    Check,
    Choice,
    Field,
    Instrument,
    Question,
    Roster,
    Section,
)
from survey.core.problems import Severity


def text(english, spanish=None):
    return {"en": english, "es": spanish or english}


def choice(code, english, spanish=None, **more):
    return Choice(code=code, label=text(english, spanish), **more)


YES_NO = (choice("yes", "Yes", "Sí"), choice("no", "No", "No"))
PROGRESS = (YES_NO[0], choice("progress", "In progress", "En proceso"), YES_NO[1])
NAMES = [
    ("None", "Inexistente"),
    ("Initial", "Incipiente"),
    ("Developing", "En desarrollo"),
    ("Consolidated", "Consolidado"),
    ("Advanced", "Avanzado"),
]
LEVELS = tuple(choice(str(i), en, es) for i, (en, es) in enumerate(NAMES))
LISTS = {
    "yes_no": YES_NO,
    "progress": PROGRESS,
    "levels_a4": tuple(
        choice(
            str(i),
            *NAMES[i],
            text=text(f"What happens at level {i}, in words.", f"Lo que pasa en el nivel {i}."),
        )
        for i in range(5)
    ),
    "currency": (choice("HNL", "HNL (lempira)"), choice("USD", "USD (dollar)", "USD (dólar)")),
    "scope": (
        choice("central", "Central government", "Gobierno central"),
        choice("local", "Municipalities", "Municipios"),
        choice("none", "None of these", "Ninguno", exclusive=True),
        choice("other", "Other (specify)", "Otro (especifique)"),
    ),
    "lead": (
        choice("centre", "Presidency or centre of government", "Presidencia"),
        choice("ministry", "A ministry", "Un ministerio"),
        choice("none", "None", "Ninguna"),
        choice("other", "Other (specify)", "Otra (especifique)"),
    ),
    "laws": (
        choice("information", "Access to information", "Acceso a la información"),
        choice("help", "Help to people who report", "Protección de denunciantes"),
        choice("lobbying", "Lobbying", "Cabildeo"),
    ),
    "coverage": (
        choice("central", "Central", "Central"),
        choice("public", "Public sector", "Todo"),
    ),
    "stage": (choice("drafting", "Drafting", "En redacción"), choice("approved", "Approved")),
    "language": (choice("es", "Spanish", "Español"), choice("en", "English", "Inglés")),
}


def field(code, type_, english="", spanish=None, **more):
    return Field(code=code, type=type_, label=text(english, spanish) if english else {}, **more)


def question(code, stem, *fields, spanish=None, **more):
    return Question(
        code=code,
        number=code.rpartition("-")[2],
        title=text(stem[:40], (spanish or stem)[:40]),
        stem=text(stem, spanish),
        fields=fields,
        **more,
    )


def column(code, type_, english, spanish=None, **more):
    return field(code, type_, english, spanish, **more)


EVIDENCE = question(
    "evidence",
    "Evidence",
    spanish="Evidencia",
    roster=Roster(
        columns=(
            column("evidence-number", "integer", "No.", "N.º"),
            column("evidence-title", "short_text", "Title", "Título del documento", counts=True),
            column("evidence-entity", "short_text", "Issued by", "Entidad que lo emite"),
            column("evidence-date", "date", "Date", "Fecha"),
            column("evidence-language", "select_one", "Language", "Idioma", list="language"),
            column("evidence-page", "short_text", "Page or article", "Página o artículo"),
            column("evidence-link", "url", "Link or file name", "Enlace o nombre del archivo"),
            column("evidence-public", "yes_no", "Public?", "¿Público?", list="yes_no"),
        )
    ),
)


def number_fields(code, when):
    return (
        field(f"{code}-year", "year", "Reference year", "Año de referencia", role="number",
              relevant=when, counts=True, minimum="1990", maximum="2030"),
        field(f"{code}-source", "short_text", "Source", "Fuente del dato", role="number",
              relevant=when, counts=True),
        field(f"{code}-coverage", "select_one", "Coverage", "Cobertura", role="number",
              relevant=when, list="coverage"),
    )  # fmt: skip


A = Section(
    code="OPG-A",
    title=text("Vision, strategy and legal basis", "Visión, estrategia y base jurídica"),
    introduction=text("What the country wants.", "Lo que el país quiere."),
    who=text("Presidency; planning ministry", "Presidencia y planificación"),
    questions=(
        question(
            "OPG-A1",
            "Has the country officially adopted a definition of open government?",
            field("OPG-A1", "progress", list="progress"),
            field("OPG-A1-text", "short_text", "If yes: text", "Si es Sí: texto",
                  relevant="${OPG-A1} = 'yes'", counts=True),
            field("OPG-A1-stage", "select_one", "In progress: stage", "En proceso: etapa",
                  relevant="${OPG-A1} = 'progress'", counts=True, list="stage", role="progress"),
            field("OPG-A1-expected", "date", "In progress: expected date",
                  "En proceso: fecha prevista", relevant="${OPG-A1} = 'progress'", role="progress"),
            spanish="¿Ha adoptado el país una definición oficial de gobierno abierto?",
            help=text("A law or a plan counts. A speech does not.", "Cuenta una ley o un plan."),
            evidence=("D",),
            evidence_ask=text("The act that adopts it", "El acto que la aprueba"),
            evidence_when="${OPG-A1} = 'yes'",
        ),
        question(
            "OPG-A2",
            "Is there an approved strategy?",
            field("OPG-A2", "yes_no", list="yes_no"),
            spanish="¿Hay una estrategia aprobada?",
            required=True,
            evidence=("D",),
            evidence_ask=text("The strategy", "La estrategia"),
            evidence_when="${OPG-A2} = 'yes'",
        ),
        question(
            "OPG-A3",
            "Strategies in force",
            spanish="Estrategias vigentes",
            help=text("One row per strategy.", "Una fila por estrategia."),
            relevant="${OPG-A2} = 'yes'",
            roster=Roster(
                columns=(
                    column("OPG-A3-title", "short_text", "Title", "Título", counts=True),
                    column("OPG-A3-start", "date", "Start", "Inicio"),
                    column("OPG-A3-end", "date", "End", "Fin"),
                    column("OPG-A3-scope", "select_multiple", "Scope", "Alcance", list="scope"),
                    column("OPG-A3-cost", "decimal", "Cost", "Costo", minimum="0"),
                    column("OPG-A3-late", "calculation", "Overdue", "Vencida",
                           calculation="if(${OPG-A3-end} < today(), 1, 0)"),
                ),
                least=1,
                example={
                    "OPG-A3-title": text("Open State Plan", "Plan de Estado Abierto"),
                    "OPG-A3-end": text("2027-12"),
                },
            ),
            checks=(
                Check(
                    code="OPG-A3-c1",
                    when="${OPG-A3-end} < ${OPG-A3-start}",
                    severity=Severity.ERROR,
                    message=text("It ends before it starts.", "Termina antes de empezar."),
                    fields=("OPG-A3-end",),
                ),
            ),
        ),
        question(
            "OPG-A4",
            "Link with planning and budget",
            field("OPG-A4", "maturity", list="levels_a4"),
            spanish="Vínculo con el plan y el presupuesto",
            required=True,
            evidence_when="${OPG-A4} >= 3",
        ),
        question(
            "OPG-A5",
            "Legal framework by subject",
            spanish="Marco jurídico por materia",
            help=text("Count what is in force.", "Cuente lo que está en vigor."),
            roster=Roster(
                rows="laws",
                columns=(
                    column("OPG-A5-force", "progress", "In force?", "¿En vigor?", list="progress",
                           counts=True),
                    column("OPG-A5-year", "year", "Year", "Año",
                           relevant="${OPG-A5-force} = 'yes'"),
                    column("OPG-A5-share", "percent", "Share", "Parte", maximum="100"),
                ),
            ),
        ),
        question(
            "OPG-A6",
            "Whom does the policy reach?",
            field("OPG-A6", "select_multiple", list="scope"),
            field("OPG-A6-other", "short_text", "Other: which?", "Otro: ¿cuál?", role="other",
                  relevant="selected(${OPG-A6}, 'other')", counts=True),
            spanish="¿A quién alcanza la política?",
        ),
        question(
            "OPG-E5",
            "Why did the country ask for this round?",
            field("OPG-E5", "long_text"),
            spanish="¿Por qué el país pidió esta ronda?",
        ),
        question(
            "OPG-A8",
            "A table too wide for a section",
            spanish="Una tabla ancha",
            roster=Roster(
                rows="laws",
                columns=tuple(
                    column(f"OPG-A8-c{i}", "integer", f"Number {i}", counts=i == 1)
                    for i in range(1, 9)
                ),
            ),
        ),
    ),
)  # fmt: skip
B = Section(
    code="OPG-B",
    title=text("Governance and resources", "Gobernanza y recursos"),
    questions=(
        question("OPG-B1", "Lead institution", field("OPG-B1", "select_one", list="lead"),
                 field("OPG-B1-other", "short_text", "Other: which?", role="other",
                       relevant="${OPG-B1} = 'other'", counts=True),
                 spanish="Institución que dirige", required=True),
        question(
            "OPG-B5",
            "Meetings of the forum and published minutes",
            field("OPG-B5-meetings", "integer", "Meetings", "Reuniones", counts=True, minimum="0",
                  unit=text("meetings", "reuniones")),
            field("OPG-B5-minutes", "integer", "Minutes", "Actas", counts=True, minimum="0",
                  unit=text("minutes", "actas")),
            *number_fields("OPG-B5", "${OPG-B5-meetings} != ''"),
            spanish="Reuniones del foro y actas",
            checks=(
                Check(
                    code="OPG-B5-c1",
                    when="${OPG-B5-minutes} > ${OPG-B5-meetings}",
                    severity=Severity.WARNING,
                    message=text("There are more minutes than meetings.",
                                 "Hay más actas que reuniones."),
                    fields=("OPG-B5-minutes",),
                ),
            ),
        ),
        question("OPG-B6", "Budget", field("OPG-B6", "currency", minimum="0"),
                 field("OPG-B6-currency", "select_one", "Currency", "Moneda", list="currency",
                       relevant="${OPG-B6} != ''", counts=True, role="number"),
                 *number_fields("OPG-B6", "${OPG-B6} != ''"),
                 spanish="Presupuesto", relevant="${OPG-B1} != '' and ${OPG-B1} != 'none'"),
        question("OPG-B7", "Staff", field("OPG-B7", "decimal", minimum="0"),
                 *number_fields("OPG-B7", "${OPG-B7} != ''"), spanish="Personal"),
        question("OPG-B8", "Share of open data", field("OPG-B8", "percent", minimum="0",
                 maximum="100"), spanish="Parte de datos abiertos"),
        question("OPG-B9", "Since when?", field("OPG-B9", "date"),
                 field("OPG-B9-page", "url", "Page", "Página"),
                 field("OPG-B9-why", "long_text", "Why", "Por qué"),
                 field("OPG-B9-kinds", "select_multiple", "Which?", "¿Cuáles?", list="scope"),
                 field("OPG-B9-twice", "calculation", "Twice", calculation="2 * ${OPG-B7}"),
                 spanish="¿Desde cuándo?", relevant="${OPG-B8} > 40"),
        question("OPG-B10", "In which year?", field("OPG-B10", "year", minimum="1990",
                 maximum="2030"), spanish="¿En qué año?"),
        question("OPG-B11", "In a few words", field("OPG-B11", "short_text"),
                 spanish="En pocas palabras"),
    ),
)  # fmt: skip
EVERY_TYPE = Instrument(
    format=FORMAT,
    code="OPG-2026",
    version=1,
    languages=("en", "es"),
    title=text("Open government", "Gobierno abierto"),
    introduction=text("A self-assessment.", "Una autoevaluación."),
    sections=(A, B),
    evidence=EVIDENCE,
    due="2027-01-29",
    lists=LISTS,
    levels=LEVELS,
)


def words(value, language="es"):
    return {"text": value, "lang": language}


ANSWERS = {
    "OPG-A1": Answer(
        fields={"OPG-A1": "progress", "OPG-A1-stage": "drafting"}, remark=words("=1+1")
    ),
    "OPG-A2": Answer(fields={"OPG-A2": "yes"}, evidence=("doc-b",)),
    "OPG-A3": Answer(
        rows=(
            Row(
                id="row-1",
                position=1,
                fields={
                    "OPG-A3-title": words("-Plan de acción"),
                    "OPG-A3-start": "2024-08",
                    "OPG-A3-end": "2026-12-31",
                    "OPG-A3-scope": ["central", "local"],
                    "OPG-A3-cost": "1250000.5",
                },
            ),
        )
    ),
    "OPG-A4": Answer(fields={"OPG-A4": "2"}),
    "OPG-A5": Answer(
        rows=(
            Row(
                id="information",
                position=1,
                fields={"OPG-A5-force": "yes", "OPG-A5-year": "2006", "OPG-A5-share": "12.5"},
            ),
        )
    ),
    "OPG-A6": Answer(
        fields={"OPG-A6": ["local", "other"], "OPG-A6-other": words("@todos")},
        evidence=("doc-a", "doc-b"),
    ),
    "OPG-E5": Answer(fields={"OPG-E5": words("Primera línea.\nSegunda línea, con «comillas».")}),
    "OPG-B1": Answer(fields={"OPG-B1": "ministry"}),
    "OPG-B5": Answer(fields={"OPG-B5-meetings": "4", "OPG-B5-minutes": "6"}),
    "OPG-B6": Answer(non_answer=NonAnswer.WITHHELD, reason=words("Reserva por ley")),
    "OPG-B7": Answer(fields={"OPG-B7": "6.5", "OPG-B7-year": "2025"}),
    "OPG-B8": Answer(fields={"OPG-B8": "45"}),
    "OPG-B9": Answer(
        fields={
            "OPG-B9": "2024-05",
            "OPG-B9-page": "https://example.org/a",
            "OPG-B9-kinds": ["none"],
        }
    ),
    "evidence": Answer(
        rows=(
            Row(
                id="doc-a",
                position=1,
                fields={"evidence-number": "1", "evidence-title": words("Plan de acción")},
            ),
            Row(
                id="doc-b",
                position=2,
                fields={
                    "evidence-number": "3",
                    "evidence-title": words("Ley de Transparencia"),
                    "evidence-date": "2006",
                    "evidence-language": "es",
                    "evidence-public": "yes",
                },
            ),
        )
    ),
}
