"""Towns and counties of the United Kingdom, enough to see that a text speaks of somewhere else.

Not a register: a place missing here only means that the scope test cannot hold it against a text. A town
may lie in several regions (Newport); it speaks against a school only when none of them is the school's. A star marks a village.
"""

from __future__ import annotations

from mentionwatch.naming import word_set, words

_REGIONS = """
gwynedd: caernarfon, pwllheli, bangor, dolgellau, porthmadog, blaenau ffestiniog, bala, y bala, barmouth, abermaw, criccieth, cricieth, nefyn, abersoch*, bethesda, llanberis*, harlech, penygroes, llanbedrog*, felinheli*
anglesey, ynys mon, sir fon: holyhead, caergybi, llangefni, amlwch, beaumaris, biwmares, menai bridge, porthaethwy, gwalchmai*, bodedern*
conwy: llandudno, colwyn bay, bae colwyn, abergele, llanrwst, betws y coed
denbighshire, sir ddinbych: rhyl, y rhyl, denbigh, dinbych, ruthin, rhuthun, prestatyn, llangollen, st asaph, llanelwy
flintshire, sir y fflint: mold, yr wyddgrug, flint, y fflint, holywell, treffynnon, buckley, deeside, queensferry
wrexham, wrecsam: wrexham, wrecsam, rhosllannerchrugog, chirk, y waun
powys: newtown, y drenewydd, welshpool, y trallwng, brecon, aberhonddu, llandrindod wells, builth wells, machynlleth, ystradgynlais, crickhowell
ceredigion: aberystwyth, cardigan, aberteifi, lampeter, llambed, llanbedr pont steffan, aberaeron, tregaron, llandysul
pembrokeshire, sir benfro: haverfordwest, hwlffordd, milford haven, pembroke, penfro, tenby, dinbych y pysgod, fishguard, abergwaun, st davids, tyddewi
carmarthenshire, sir gar, sir gaerfyrddin: carmarthen, caerfyrddin, llanelli, ammanford, rhydaman, llandeilo, llandovery
swansea, abertawe: swansea, abertawe, gorseinon, mumbles
neath port talbot, castell nedd port talbot: neath, castell nedd, port talbot, pontardawe
bridgend, pen y bont: bridgend, pen y bont ar ogwr, maesteg, porthcawl
vale of glamorgan, bro morgannwg: barry, y barri, penarth, cowbridge, llantwit major
cardiff, caerdydd: cardiff, caerdydd, whitchurch
rhondda cynon taf, rhondda: pontypridd, aberdare, aberdar, tonypandy, llantrisant, treorchy
merthyr tydfil, merthyr tudful: merthyr tydfil, merthyr tudful
caerphilly, caerffili: caerphilly, caerffili, blackwood, ystrad mynach
blaenau gwent: ebbw vale, glyn ebwy, tredegar, abertillery
torfaen: cwmbran, pontypool, pontypwl
monmouthshire, sir fynwy: monmouth, trefynwy, abergavenny, y fenni, chepstow, caldicot
newport, casnewydd: newport, casnewydd
cornwall, kernow: truro, falmouth, penzance, newquay, st austell, bodmin, st ives, camborne, redruth, bude, scilly
devon: exeter, plymouth, torquay, paignton, barnstaple, exmouth, tiverton, newton abbot, totnes, bideford
somerset: taunton, yeovil, bath, bridgwater, wells, frome, glastonbury, weston super mare, minehead
bristol: bristol, bryste
dorset: bournemouth, poole, weymouth, dorchester, christchurch, swanage
wiltshire: swindon, salisbury, trowbridge, chippenham, devizes, marlborough
gloucestershire, glos: gloucester, cheltenham, stroud, cirencester, tewkesbury
hampshire, hants: southampton, portsmouth, basingstoke, winchester, andover, aldershot, farnborough, fareham, eastleigh, petersfield
isle of wight: newport, ryde, cowes, sandown
west sussex: worthing, crawley, chichester, horsham, bognor regis, littlehampton
east sussex: brighton, hove, eastbourne, hastings, lewes, bexhill
kent: maidstone, canterbury, dover, folkestone, ashford, margate, dartford, gravesend, tunbridge wells, sevenoaks, gillingham, chatham, medway
surrey: guildford, woking, epsom, redhill, reigate, camberley, farnham, staines
london, llundain, greater london: croydon, ilford, bromley, ealing, hackney, islington, camden, barnet, enfield, haringey, lewisham, greenwich, southwark, lambeth, wandsworth, brent, harrow, hounslow, newham, redbridge, romford, barking, dagenham, walthamstow, tottenham, brixton, twickenham, wimbledon, sutton, kingston upon thames, uxbridge, hillingdon, bexley, havering, merton, tower hamlets
berkshire: reading, slough, windsor, bracknell, newbury, maidenhead, wokingham
buckinghamshire, bucks: milton keynes, aylesbury, high wycombe, amersham, chesham
oxfordshire, oxon: oxford, banbury, bicester, abingdon, witney, didcot
hertfordshire, herts: watford, st albans, hemel hempstead, stevenage, hatfield, hitchin, hertford
essex: chelmsford, colchester, southend, southend on sea, basildon, harlow, braintree, clacton
bedfordshire, beds: bedford, luton, dunstable, biggleswade
cambridgeshire, cambs: cambridge, peterborough, ely, huntingdon, wisbech, st neots, march
suffolk: ipswich, bury st edmunds, lowestoft, felixstowe, sudbury
norfolk: norwich, great yarmouth, kings lynn, thetford, cromer
northamptonshire, northants: northampton, kettering, corby, wellingborough, daventry
leicestershire: leicester, loughborough, hinckley, melton mowbray, market harborough, coalville, braunstone*
rutland: oakham
lincolnshire, lincs: lincoln, boston, grimsby, scunthorpe, grantham, skegness, spalding, stamford
nottinghamshire, notts: nottingham, mansfield, newark, worksop, beeston
derbyshire: derby, chesterfield, buxton, glossop, matlock, ilkeston
staffordshire, staffs: stoke on trent, stafford, burton upon trent, lichfield, tamworth, cannock, leek
shropshire, salop: shrewsbury, amwythig, telford, oswestry, ludlow, bridgnorth, newport, whitchurch
herefordshire: hereford, henffordd, leominster, ross on wye
worcestershire: worcester, redditch, kidderminster, malvern, bromsgrove, evesham
west midlands: birmingham, coventry, wolverhampton, walsall, dudley, solihull, sandwell, west bromwich, sutton coldfield
warwickshire: warwick, leamington spa, nuneaton, rugby, stratford upon avon
cheshire: chester, caer, warrington, crewe, macclesfield, northwich, runcorn, widnes, nantwich, grappenhall*, knutsford, ellesmere port
merseyside: liverpool, lerpwl, birkenhead, southport, st helens, bootle, wirral, wallasey, knowsley
greater manchester: manchester, manceinion, salford, bolton, bury, oldham, rochdale, stockport, wigan, altrincham, sale, ashton under lyne, ashton in makerfield, leigh, tameside, trafford
lancashire, lancs: preston, blackpool, blackburn, burnley, lancaster, accrington, chorley, morecambe
cumbria: carlisle, kendal, barrow in furness, penrith, workington, whitehaven, keswick
west yorkshire: leeds, bradford, wakefield, huddersfield, halifax, dewsbury, keighley, pudsey, calderdale, kirklees
south yorkshire: sheffield, doncaster, rotherham, barnsley
north yorkshire: york, harrogate, scarborough, middlesbrough, skipton, whitby, ripon, northallerton
east yorkshire, east riding: hull, beverley, bridlington, goole
county durham, durham: durham, darlington, hartlepool, stockton on tees, bishop auckland
tyne and wear: newcastle, newcastle upon tyne, sunderland, gateshead, south shields, north shields
northumberland: alnwick, hexham, morpeth, blyth, cramlington, berwick upon tweed
scotland, yr alban: glasgow, edinburgh, aberdeen, dundee, inverness, stirling, perth, paisley, fife, falkirk, ayr
northern ireland: belfast, derry, londonderry, lisburn, newry, armagh, antrim, county down, fermanagh
abroad: dublin, cork, ohio, texas, california, florida, new york, new jersey, sydney, melbourne, toronto, ontario, chicago, philadelphia, massachusetts, australia, canada, america, usa, ireland, india, nigeria, kenya
"""
_COUNTRIES = frozenset(
    {
        "wales",
        "cymru",
        "north wales",
        "gogledd cymru",
        "south wales",
        "mid wales",
        "west wales",
        "england",
        "lloegr",
        "uk",
        "united kingdom",
        "britain",
    }
)
_SAME = (
    "cardiff caerdydd", "swansea abertawe", "newport casnewydd", "wrexham wrecsam", "holyhead caergybi",
    "mold yr_wyddgrug wyddgrug", "denbigh dinbych", "ruthin rhuthun", "cardigan aberteifi", "carmarthen caerfyrddin",
    "haverfordwest hwlffordd", "tenby dinbych_y_pysgod", "st_davids tyddewi", "fishguard abergwaun", "neath castell_nedd",
    "bridgend pen_y_bont pen_y_bont_ar_ogwr", "barry y_barri", "merthyr_tydfil merthyr_tudful merthyr", "monmouth trefynwy",
    "abergavenny y_fenni", "brecon aberhonddu", "newtown y_drenewydd drenewydd", "welshpool y_trallwng trallwng", "colwyn_bay bae_colwyn",
    "menai_bridge porthaethwy", "beaumaris biwmares", "flint y_fflint", "lampeter llambed llanbedr_pont_steffan",
    "barmouth abermaw", "caernarfon caernarvon", "anglesey ynys_mon sir_fon mon", "denbighshire sir_ddinbych",
    "flintshire sir_y_fflint", "pembrokeshire sir_benfro", "carmarthenshire sir_gar sir_gaerfyrddin", "monmouthshire sir_fynwy",
    "vale_of_glamorgan bro_morgannwg", "caerphilly caerffili", "chester caer", "london llundain", "liverpool lerpwl",
    "manchester manceinion", "bristol bryste", "shrewsbury amwythig", "hereford henffordd", "cornwall kernow",
    "cambridgeshire cambs", "hampshire hants", "hertfordshire herts", "buckinghamshire bucks", "oxfordshire oxon",
    "bedfordshire beds", "northamptonshire northants", "lincolnshire lincs", "nottinghamshire notts", "lancashire lancs",
    "staffordshire staffs", "gloucestershire glos", "shropshire salop", "rhyl y_rhyl", "bala y_bala",
)  # fmt: skip

Place = tuple[str, ...]
"""A place as folded words: ("pen", "y", "bont")."""


def _read() -> tuple[dict[Place, frozenset[str]], frozenset[Place]]:
    """Regions by place, and the villages among the places (starred)."""
    regions_of: dict[Place, set[str]] = {}
    villages: set[Place] = set()
    for line in _REGIONS.strip().splitlines():
        names, _, towns = line.partition(":")
        region = names.split(",")[0].strip()
        for county in names.split(","):
            if region != "abroad":
                regions_of.setdefault(words(county), set()).add(region)
        for town in towns.split(","):
            regions_of.setdefault(words(town), set()).add(region)
            if "*" in town:
                villages.add(words(town))
    return {place: frozenset(found) for place, found in regions_of.items()}, frozenset(villages)


_REGIONS_OF, _VILLAGES = _read()
_NATIONS = frozenset(words(country) for country in _COUNTRIES)
_ALIASES = {
    name: group
    for listed in _SAME
    for group in [tuple(tuple(alias.split("_")) for alias in listed.split())]
    for name in group
}
LONGEST = max(len(place) for place in _REGIONS_OF)
FIRST_WORDS = frozenset(place[0] for place in _REGIONS_OF)


def regions(place: Place) -> frozenset[str]:
    """The regions a known place lies in; empty for an unknown one and for whole nations."""
    return _REGIONS_OF.get(place, frozenset())


def is_town(place: Place) -> bool:
    """A known town, city or county: too large for "the school in …" to mean one school."""
    return (place in _REGIONS_OF and place not in _VILLAGES) or place in _NATIONS


def same_places(place: Place) -> tuple[Place, ...]:
    """The place under its other names: Cardiff and Caerdydd, Cambridgeshire and Cambs."""
    return _ALIASES.get(place, (place,))


ALSO_WORDS = word_set(
    "reading sale bath rugby march wells bury leek flint cork mold derby hull hove ayr redhill slough dover rye deal ware sandwich stone bude poole newark india perth bala chester barking ripon caer penfro goole cannock stroud frome"
)
"""Towns whose name is also a word of a school's day ("rugby"): they need an "in" before them."""

_PLACE_ENDINGS = ("thorpe", "bury", "chester", "cester", "worth", "wick", "wich", "combe", "shire", "stead", "borough", "mouth", "hampton", "ington", "leigh", "minster", "ingham")  # fmt: skip
_NOT_PLACES = word_set(
    "badminton canterbury worcestershire homestead instead bedstead farmstead sandwich goldsworth fortnight mouth"
)


def looks_like_place(word: str) -> bool:
    """Shaped like a British place name, for a village that no list holds. Only ever lowers certainty."""
    return len(word) >= 7 and word not in _NOT_PLACES and word.endswith(_PLACE_ENDINGS)
