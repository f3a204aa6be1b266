"""German."""

from __future__ import annotations

from editor_plugin.core.languages.lexicon import Lexicon

GERMAN = Lexicon(
    article="der die das den dem des ein eine einen einem einer eines kein keine keinen keinem",
    possessive="""
        mein meine meinen meinem meiner meines dein deine deinen deinem deiner deines sein seine
        seinen seinem seiner seines ihr ihre ihren ihrem ihrer ihres unser unsere unseren unserem
        unserer unseres euer eure euren eurem eurer eures""",
    demonstrative="""
        dieser diese dieses diesen diesem jener jene jenes jenen jenem solche solcher solches
        solchen solchem derselbe dieselbe dasselbe""",
    quantifier="""
        alle alles allen aller allem einige einigen einiger manche mancher manches manchen mehrere
        mehreren viele vielen vieler viel wenig wenige wenigen jede jeder jedes jeden jedem beide
        beiden etwas genug mehr andere anderen anderer anderes sämtliche keiner""",
    number="""
        zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig vierzig fünfzig
        sechzig siebzig achtzig neunzig hundert tausend million millionen milliarde milliarden
        erste ersten zweite zweiten dritte dritten""",
    preposition="""
        in im ins an am ans auf aufs aus bei beim bis durch durchs für fürs gegen hinter mit nach
        neben ohne seit über um ums unter von vom vor vors während wegen zu zum zur zwischen außer
        entlang gegenüber innerhalb außerhalb oberhalb unterhalb statt anstatt trotz laut per pro
        dank samt binnen als wie""",
    infinitive="zu",
    coordinator="und oder aber denn sondern sowie doch beziehungsweise bzw jedoch noch",
    subordinator="""
        dass daß weil wenn ob obwohl obgleich falls sobald solange während bevor nachdem damit
        sodass seitdem indem als da bis ehe deren dessen denen welcher welche welches wobei
        wodurch sofern soweit""",
    relative="""
        der die das den dem deren dessen denen welcher welche welches welchen welchem wer wen wem
        wessen was wo wohin woher wann warum weshalb wieso wie womit wofür worauf woran worüber""",
    auxiliary="""
        bin bist ist sind seid war warst waren wart gewesen sein habe hast hat haben habt hatte
        hattest hatten hattet gehabt werde wirst wird werden werdet wurde wurden würde würdest
        würden würdet worden kann kannst können könnt konnte konnten könnte könnten muss musst
        müssen müsst musste mussten müsste müssten soll sollst sollen sollt sollte sollten will
        willst wollen wollt wollte wollten darf darfst dürfen durfte durften dürfte mag möchte
        möchten lass lassen lässt hab wär wäre wären hätte hätten""",
    negation="nicht nie niemals nichts",
    subject="ich du er sie es wir ihr man jemand niemand jedermann",
    object="mich dich ihn uns euch mir dir ihm ihnen sich einander",
    adverb="""
        sehr zu so ganz ziemlich eher wirklich nur sogar fast auch noch schon immer gerade besonders
        völlig etwa mehr am eben einfach""",
    particle="ab an auf aus bei ein fest fort her hin los mit nach vor weg zu zurück zusammen",
)
