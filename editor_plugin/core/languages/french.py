"""French."""

from __future__ import annotations

from editor_plugin.core.languages.lexicon import Lexicon

FRENCH = Lexicon(
    article="le la les l' un une des du au aux",
    possessive="mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs",
    demonstrative="ce cet cette ces",
    quantifier="""
        tout toute tous toutes quelque quelques plusieurs chaque aucun aucune certains certaines
        autre autres même mêmes beaucoup peu trop assez plus moins tant""",
    number="""
        deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt
        trente quarante cinquante soixante cent cents mille million millions milliard milliards
        premier première second seconde""",
    preposition="""
        à de d' en dans sur sous par pour avec sans chez entre vers contre depuis pendant avant
        après devant derrière malgré parmi selon dès jusque jusqu' jusqu'à hors outre envers durant
        au aux du des près comme""",
    coordinator="et ou mais ni car or donc puis",
    subordinator="""
        que qu' si s' quand lorsque lorsqu' puisque puisqu' parce comme quoique quoiqu' afin
        tandis alors dont où lequel laquelle lesquels lesquelles""",
    relative="""
        qui que qu' dont où quoi lequel laquelle lesquels lesquelles auquel duquel quel quelle quels
        quelles comment pourquoi combien""",
    auxiliary="""
        suis es est sommes êtes sont étais était étions étiez étaient serai seras sera serons serez
        seront serais serait serions seraient soit soient fut furent été être ai as a avons avez ont
        avais avait avions aviez avaient aurai auras aura aurons aurez auront aurais aurait auraient
        ait aient eu avoir vais vas va allons allez vont peux peut pouvons pouvez peuvent pouvait
        pourrait dois doit devons devez doivent devait devrait veux veut voulons voulez veulent faut
        fait""",
    negation="ne n' pas jamais rien",
    subject="je j' tu il elle on nous vous ils elles ce c' ça cela quelqu'un personne chacun",
    object="""
        me m' te t' se s' le la les l' lui leur y en moi toi soi eux nous vous""",
    adverb="""
        très trop si plus moins aussi bien tout presque encore déjà toujours même seulement vraiment
        assez peu surtout juste""",
)
