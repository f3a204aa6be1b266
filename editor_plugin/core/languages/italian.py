"""Italian."""

from __future__ import annotations

from editor_plugin.core.languages.lexicon import Lexicon

ITALIAN = Lexicon(
    article="il lo la i gli le l' un uno una un'",
    possessive="""
        mio mia miei mie tuo tua tuoi tue suo sua suoi sue nostro nostra nostri nostre vostro vostra
        vostri vostre loro""",
    demonstrative="""
        questo questa questi queste quest' quello quella quelli quelle quel quei quegli quell'
        ciò""",
    quantifier="""
        tutto tutta tutti tutte tutt' ogni qualche alcuni alcune alcun nessun nessuno nessuna
        nessun' molto molta molti molte poco poca pochi poche tanto tanta tanti tante troppo troppa
        troppi troppe altro altra altri altre altr' più meno parecchi entrambi stesso stessa""",
    number="""
        due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici
        venti trenta quaranta cinquanta sessanta settanta ottanta novanta cento mille mila milione
        milioni miliardo miliardi primo prima secondo seconda""",
    preposition="""
        di d' a ad da in con su per tra fra del dello della dell' dei degli delle al allo alla all'
        ai agli alle dal dallo dalla dall' dai dagli dalle nel nello nella nell' nei negli nelle sul
        sullo sulla sull' sui sugli sulle col coi senza sopra sotto dentro fuori verso contro
        durante dopo prima presso attraverso lungo secondo tranne oltre come""",
    coordinator="e ed o od ma né oppure però bensì",
    subordinator="""
        che ch' se s' quando perché poiché siccome mentre benché sebbene affinché finché come dove
        dov' purché appena cui quale quali""",
    relative="""
        che ch' cui chi quale quali quanto quanta quanti quante dove dov' come com' cosa cos'
        perché""",
    auxiliary="""
        sono sei è siamo siete era eri ero eravamo eravate erano fu furono sarò sarai sarà saremo
        sarete saranno sarei sarebbe sarebbero sia siano stato stata stati state essere ho hai ha
        abbiamo avete hanno avevo avevi aveva avevamo avevano avrò avrà avranno avrei avrebbe abbia
        abbiano avuto avere posso puoi può possiamo potete possono poteva potrebbe potere devo devi
        deve dobbiamo dovete devono doveva dovrebbe voglio vuoi vuole vogliamo volete vogliono vado
        va vanno sto stai sta stiamo stanno stava c'è c'era""",
    negation="non mai niente nulla",
    subject="io tu egli lui lei noi voi loro essi esse qualcuno nessuno ognuno tutti",
    object="mi m' ti t' si s' ci c' vi v' lo la li le gli ne n' me te se ce ve sé",
    adverb="""
        molto più meno troppo così tanto quasi anche solo già ancora sempre proprio perfino davvero
        ben""",
)
