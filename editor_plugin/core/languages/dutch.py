"""Dutch."""

from __future__ import annotations

from editor_plugin.core.languages.lexicon import Lexicon

DUTCH = Lexicon(
    article="de het 't een 'n der des den",
    possessive="mijn m'n jouw je zijn z'n haar d'r ons onze jullie uw hun",
    demonstrative="deze dit die dat zulke zo'n",
    quantifier="""
        alle alles al elk elke ieder iedere geen sommige enkele enige veel vele weinig meer minder
        beide ander andere anderen genoeg meeste verschillende""",
    number="""
        twee drie vier vijf zes zeven acht negen tien elf twaalf twintig dertig veertig vijftig
        zestig zeventig tachtig negentig honderd duizend miljoen miljard eerste tweede derde""",
    preposition="""
        aan achter behalve bij binnen boven buiten door gedurende in langs met na naar naast om
        onder op over per rond sinds te tegen tegenover ten ter tijdens tot tussen uit van vanaf
        vanuit via volgens voor voorbij wegens zonder als dan""",
    infinitive="te",
    coordinator="en of maar want noch dus",
    subordinator="""
        dat omdat als of wanneer toen terwijl hoewel zodat voordat nadat totdat tenzij mits doordat
        zodra zolang indien aangezien waarin waarmee waarop waarvan waardoor""",
    relative="""
        die dat wie wat welke welk waar waarin waarmee waarop waarvan waarom waardoor hoe
        wanneer""",
    auxiliary="""
        ben bent is zijn was waren geweest heb hebt heeft hebben had hadden gehad word wordt worden
        werd werden geworden kan kun kunt kunnen kon konden zou zouden zal zult zullen moet moeten
        moest moesten mag mogen mocht wil wilt willen wilde wilden ga gaat gaan ging laat laten""",
    negation="niet nooit niets",
    subject="ik 'k jij je hij zij ze wij we jullie u men er iemand niemand iedereen",
    object="me mij jou je hem 'm haar ons hen hun ze het zich elkaar",
    adverb="""
        heel erg zeer te zo vrij nogal echt maar ook nog al altijd zelfs bijna vooral alleen net
        slechts meer meest""",
    particle="aan af bij binnen door in mee na neer om onder op over terug toe uit voor weg",
)
