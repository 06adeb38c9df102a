"""What the two papers of the town printed, one in English and one in Welsh."""

from __future__ import annotations

from mentionwatch.labels import Label, Scope
from town.story import CONCERN, NEUTRAL, OUT, POSITIVE, Outcome, Post, Venue, hours

PAPER = (
    Post(
        "eisteddfod-choir",
        Venue.PAPER,
        "en",
        hours(20),
        "Aberwylan pupils sing their way to first prize",
        "The junior choir of Ysgol Aberwylan came first at the county eisteddfod on Saturday. Judges praised a "
        "wonderful, joyful performance, and parents said they could not be prouder of the children and their teachers.",
        POSITIVE,
        author="Wylan Post reporter",
    ),
    Post(
        "open-evening",
        Venue.PAPER,
        "en",
        hours(44),
        "Open evening at Ysgol Aberwylan next Thursday",
        "Ysgol Aberwylan will hold its open evening for new families on Thursday at 5.30pm in the main hall. "
        "Places need not be booked.",
        NEUTRAL,
        author="Wylan Post reporter",
    ),
    Post(
        "parking-row",
        Venue.PAPER,
        "en",
        hours(66),
        "Residents call for action on school-run parking",
        "Residents of Heol y Bont say cars double-parked outside Ysgol Aberwylan every morning are an accident "
        "waiting to happen. They want the school and the council to act before a child is hurt.",
        CONCERN,
        author="Wylan Post reporter",
    ),
    Post(
        "send-letter",
        Venue.PAPER,
        "en",
        hours(90),
        "Letter: my son has waited two terms for support",
        "I am writing because Aberwylan Primary School has left my son without the additional learning support he "
        "was promised. Two terms, four meetings, and nothing has been put in place. It is not good enough.",
        CONCERN,
        author="Name and address supplied",
    ),
    Post(
        "budget-vote",
        Venue.PAPER,
        "en",
        hours(110),
        "Council sets budget for Wylanshire schools",
        "Sir Wylan council approved next year's budget on Tuesday. Ysgol Aberwylan will receive £41,000 for a new "
        "boiler, one of six projects on the list.",
        NEUTRAL,
        author="Wylan Post reporter",
    ),
    Post(
        "namesake-fire",
        Venue.PAPER,
        "en",
        hours(130),
        "Fire closes Aberwylan School in Westmarch",
        "Aberwylan School in Westmarch, Northshire, stays shut until Monday after a fire in its science block. The "
        "Northshire fire service said nobody was hurt.",
        OUT,
        author="Agency",
    ),
    Post(
        "harbour-dredging",
        Venue.PAPER,
        "en",
        hours(150),
        "Harbour dredging to start in March",
        "Work to clear the silt from Aberwylan harbour begins in March and will take six weeks, the port manager said.",
        OUT,
        author="Wylan Post reporter",
    ),
    Post(
        "murder-mystery",
        Venue.PAPER,
        "en",
        hours(170),
        "Murder in the staff room! Pupils stage a whodunnit",
        "Who killed the headmaster? That is the question at Ysgol Aberwylan, where Year 6 perform their own murder "
        "mystery on Friday. The audience must find the poisoner before the curtain falls. Tickets £3, in aid of the library.",
        POSITIVE,
        author="Wylan Post reporter",
    ),
)

PAPUR = (
    Post(
        "diolch-athrawon",
        Venue.PAPUR,
        "cy",
        hours(30),
        "Diolch o galon i athrawon Ysgol Aberwylan",
        "Hoffem ddiolch o galon i holl staff Ysgol Aberwylan am eu gofal arbennig dros y plant. Mae'r ysgol yn "
        "llawn hapusrwydd a'r plant wrth eu bodd yn mynd yno bob bore.",
        POSITIVE,
        author="Gohebydd y papur",
    ),
    Post(
        "noson-agored",
        Venue.PAPUR,
        "cy",
        hours(46),
        "Noson agored yn Ysgol Gynradd Aberwylan",
        "Cynhelir noson agored yn Ysgol Gynradd Aberwylan nos Iau am hanner awr wedi pump. Croeso i rieni newydd.",
        NEUTRAL,
        author="Gohebydd y papur",
    ),
    Post(
        "ffair-nadolig",
        Venue.PAPUR,
        "cy",
        hours(70),
        "Ffair Nadolig lwyddiannus",
        "Codwyd dros £900 yn ffair Nadolig Ysgol Aberwylan. Gwych iawn, blant! Diolch i bawb a ddaeth, ac i'r "
        "gŵyr ifanc o'r clwb pêl-droed am gario'r byrddau a'r tŷ gwydr.",
        POSITIVE,
        author="Gohebydd y papur",
    ),
    Post(
        "llythyr-bws",
        Venue.PAPUR,
        "cy",
        hours(94),
        "Llythyr: y bws ysgol yn hwyr eto",
        "Mae'r bws i Ysgol Aberwylan wedi bod yn hwyr dair gwaith yr wythnos hon, a neb yn yr ysgol yn fodlon "
        "ateb y ffôn. Mae'r sefyllfa yn annerbyniol ac rydym ni fel rhieni yn disgwyl gwell.",
        CONCERN,
        author="Rhiant, Llanwylan",
    ),
    Post(
        "cau-dosbarth",
        Venue.PAPUR,
        "cy",
        hours(118),
        "Pryder am ddyfodol dosbarth meithrin",
        "Mae rhieni yn poeni y bydd dosbarth meithrin Ysgol Aberwylan yn cau yn yr haf. Dywed llawer na chawsant "
        "unrhyw wybodaeth gan yr ysgol, ac maent yn siomedig iawn.",
        CONCERN,
        author="Gohebydd y papur",
    ),
    Post(
        "sioe-flodau",
        Venue.PAPUR,
        "cy",
        hours(140),
        "Canlyniadau sioe flodau Llanwylan",
        "Cafwyd tywydd braf i'r sioe flodau eleni. Enillwyd y cwpan am y cennin mwyaf gan aelod o Ferched y Wawr.",
        OUT,
        author="Gohebydd y papur",
    ),
    Post(
        "plannu-coed",
        Venue.PAPUR,
        "cy",
        hours(160),
        "Plant yn plannu coed derw",
        "Bu plant yr ysgol yn Aberwylan yn plannu coed derw ar lan yr afon gyda'r warden. Bydd y coed yn "
        "cysgodi'r llwybr ymhen blynyddoedd.",
        Outcome(Scope.POSSIBLE, Label.NEUTRAL),
        author="Gohebydd y papur",
    ),
)
