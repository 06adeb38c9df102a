"""Words for choosing what may be shut out: names people commonly bear, which never are, and things that are no school."""

from __future__ import annotations

from classifiers.names import OTHER_THINGS
from mentionwatch.naming import word_set

THINGS = (
    OTHER_THINGS
    | word_set(
        "lottery loteri auction arwerthiant mortgage landlord tenant tenants bedroom bedrooms casino betting brewery racecourse jockey "
        "striker goalkeeper midfielder quarry airline investors shareholders brewery nightclub campsite caravan caravans obituary probate "
        "crematorium cemetery mynwent fynwent allotment allotments abattoir festival gwyl band orchestra spa winery vineyard zoo"
    )
) - word_set(
    "football rugby tennis cricket golf bowls sailing swimming dance dancing riding driving language library hall museum gallery cinema "
    "theatre garden gardens bus walk day sunday sul feast council college coleg trust retail shop shops centre ground beach field home "
    "homes house care way place close drive road street lane avenue station bridge church eglwys capel chapel parish award medal club clwb "
    "woods wood mountain island language town city united sioe sesiwn constituency hospital doctor gp walled neuadd festival gwyl band"
)
"""What bears a place's name and is no school. Not what is part of a school's days: who shuts out "bus" hears of no late bus."""

GIVEN = word_set(
    "adam alan alex alfie alun amy andrew aneurin angharad ann anna anne anwen arthur barry ben beth bethan bob brian bryn carol carys "
    "catrin ceri charlie charlotte chloe chris claire dafydd daniel dave david dawn delyth dewi dylan ella elin ellie elwyn emily emma eric "
    "erin ethan eve ffion fiona freya gareth garry gary gavin geoff george geraint gethin glyn grace grant gwen gwenan gwyn hannah harri "
    "harry heather helen huw iain ian idris ieuan ifan ioan isaac isla iwan jack jacob jade jake james jane janet jason jean jen jenny jess "
    "jim jo joan joe john jon joseph josh judith julie karen kate katie keith kelly ken kevin laura leah lee leo lewis liam lily linda lisa "
    "liz llinos lloyd llyr lois lowri lucy luke mair mandy mared margaret mari maria marie mark martin mary matt megan meinir mia michael "
    "mike mohammed nerys nia nick nicola noah nigel non olivia osian owain owen pat paul paula peter phil rachel ray rebecca rhian rhodri "
    "rhys richard rob robert robin roger ron rose ross ruth ryan sally sam sara sarah sean sharon sian simon sion sioned sophie stephen "
    "steve stuart sue susan tegan terry thomas tim tom tomos tony tracy tudur vicky victoria wayne wendy wil will william wyn zoe"
)
SURNAMES = word_set(
    "adams ahmed ali allen anderson bailey baker begum bell bennett bevan bowen brown campbell carter clark clarke collins cook cooper cox "
    "davies davis edwards ellis evans foster gray green griffiths hall harris harrison hill howells hughes humphreys hussain jackson james "
    "jenkins john jones kelly khan king lewis lloyd marshall martin mason miller mitchell moore morgan morris murphy owen parker parry patel "
    "phillips powell price prichard pritchard prosser pugh rees reynolds richards richardson roberts robinson rogers rowlands scott shaw "
    "simpson singh smith stevens stewart taylor thomas thompson turner vaughan walker ward watkins watson white wilkinson williams wilson "
    "wood wright young"
)
