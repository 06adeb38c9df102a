"""Short standard sentences for reasons and typed facts: what schools often say, in English and Welsh.

By step and field; no step stands before the colon where a fact is asked by several steps in the same words. What is recorded is the
sentence itself, in the language of whoever chose it. A sentence claims nothing the person did not mean: it names no offence, no
author and nobody by name.
"""

from __future__ import annotations

from collections.abc import Mapping

from desk.vocabulary import Pair
from incidents.steps import Event as E

REASON = "reason"

SENTENCES: Mapping[tuple[str, str], Mapping[str, Pair]] = {
    (E.PRESERVE, REASON): {
        "complete": ("The copy is complete", "Mae'r copi'n gyflawn"),
        "all_there_is": ("Nothing more can be copied", "Ni ellir copïo dim mwy"),
    },
    (E.HAND_OVER, REASON): {
        "ready": ("The evidence is ready", "Mae'r dystiolaeth yn barod"),
        "to_decide": ("It needs a decision", "Mae angen penderfyniad"),
    },
    (E.NO_CASE, REASON): {
        "no_harm": ("No harm to anybody here", "Dim niwed i neb yma"),
        "fair": ("Fair comment, no abuse", "Sylw teg, dim byd difrïol"),
        "not_us": ("Not really about the school", "Nid yw am yr ysgol mewn gwirionedd"),
    },
    (E.TREAT_AS_CONCERN, REASON): {
        "lawful": ("Lawful criticism", "Beirniadaeth gyfreithlon"),
        "question": ("A question to answer", "Cwestiwn i'w ateb"),
        "sharp": ("A complaint, put sharply", "Cwyn, wedi'i mynegi'n llym"),
    },
    (E.INTERNAL, REASON): {
        "no_crime": ("Unacceptable, but no crime", "Annerbyniol, ond nid yw'n drosedd"),
        "talk": ("Best settled by talking", "Gwell ei datrys drwy siarad"),
        "down": ("It should come down", "Dylid ei thynnu i lawr"),
    },
    (E.SAFEGUARDING, REASON): {
        "says": ("The post says so", "Mae'r neges yn dweud hynny"),
        "fits": ("It fits earlier worries", "Mae'n cyd-fynd â phryderon cynharach"),
        "ask": ("Better asked than missed", "Gwell gofyn na cholli rhywbeth"),
    },
    (E.RECUSE, REASON): {
        "about": ("It is about whoever decides", "Mae'n sôn am y sawl sy'n penderfynu"),
        "knows": ("Whoever decides knows the author", "Mae'r sawl sy'n penderfynu'n adnabod yr awdur"),
        "involved": ("Whoever decides was involved", "Roedd y sawl sy'n penderfynu'n rhan o'r mater"),
    },
    (E.POLICE_RELEASE, REASON): {
        "no_offence": ("The police see no offence", "Nid yw'r heddlu'n gweld trosedd"),
        "not_needed": ("The police need not act", "Nid oes angen i'r heddlu weithredu"),
    },
    (E.CHECKED, REASON): {
        "time": ("It was time to look", "Daeth yn amser edrych"),
        "told": ("Somebody told us", "Dywedodd rhywun wrthym"),
    },
    (E.STILL_UP, REASON): {
        "silent": ("Nobody answered us", "Ni atebodd neb ni"),
        "refused": ("The author will not remove it", "Nid yw'r awdur am ei thynnu i lawr"),
    },
    (E.PLATFORM_REMOVED, REASON): {
        "told": ("The platform told us", "Dywedodd y platfform wrthym"),
        "looked": ("We looked ourselves", "Edrychwyd gennym ni ein hunain"),
    },
    (E.ACKNOWLEDGE, REASON): {
        "heard": ("The author should feel heard", "Dylai'r awdur deimlo bod rhywun yn gwrando"),
        "public": ("Others read it too", "Mae eraill yn ei darllen hefyd"),
    },
    (E.POINT_TO_COMPLAINTS, REASON): {
        "full": ("It needs a full answer", "Mae angen ateb llawn"),
        "asked": ("The author asked how", "Gofynnodd yr awdur sut"),
    },
    (E.CONCERN_ANSWERED, REASON): {
        "in_person": ("Answered in person", "Atebwyd wyneb yn wyneb"),
        "telephone": ("Answered by telephone", "Atebwyd dros y ffôn"),
        "writing": ("Answered in writing", "Atebwyd yn ysgrifenedig"),
    },
    (E.RAISE_CONCERN, REASON): {
        "abuse": ("There is abuse in it", "Mae geiriau difrïol ynddi"),
        "worse": ("It has grown worse", "Mae wedi gwaethygu"),
        "target": ("Somebody is targeted", "Mae rhywun yn cael ei dargedu"),
    },
    (E.THANK_APPROVE, REASON): {
        "deserved": ("It deserves our thanks", "Mae'n haeddu ein diolch"),
        "work": ("It shows our pupils' work", "Mae'n dangos gwaith ein disgyblion"),
    },
    (E.SAFETY, REASON): {
        "come": ("Somebody may come here", "Gall rhywun ddod yma"),
        "afraid": ("Staff or pupils are afraid", "Mae staff neu ddisgyblion yn ofni"),
    },
    (E.SAFEGUARDING, "told"): {
        "in_person": ("Safeguarding lead, in person, just now", "Yr arweinydd diogelu, wyneb yn wyneb, nawr"),
        "telephone": ("Safeguarding lead, by telephone, just now", "Yr arweinydd diogelu, dros y ffôn, nawr"),
    },
    (E.SAFETY, "told"): {
        "telephone": ("Health and safety, by telephone, just now", "Yr uned iechyd a diogelwch, dros y ffôn, nawr"),
        "writing": ("Health and safety, in writing, just now", "Yr uned iechyd a diogelwch, yn ysgrifenedig, nawr"),
    },
    ("", "connection"): {
        "names": ("It names the school", "Mae'n enwi'r ysgol"),
        "people": ("It concerns staff or pupils", "Mae'n ymwneud â staff neu ddisgyblion"),
        "own_page": ("On the school's own page", "Ar dudalen yr ysgol ei hun"),
    },
    ("", "involved"): {
        "alone": ("The decider alone, no agency", "Y sawl sy'n penderfynu yn unig, dim asiantaeth"),
        "leaders": ("Senior leaders, no agency", "Uwch arweinwyr, dim asiantaeth"),
        "dsl": ("Also the safeguarding lead", "Yr arweinydd diogelu hefyd"),
    },
    ("", "proportionate"): {
        "safety": ("Somebody's safety is at risk", "Mae diogelwch rhywun mewn perygl"),
        "goes_on": ("It goes on despite warnings", "Mae'n parhau er gwaethaf rhybuddion"),
        "beyond": ("The school cannot settle it", "Ni all yr ysgol ei ddatrys"),
    },
}  # fmt: skip
