"""Spanish."""

from __future__ import annotations

from editor_plugin.core.languages.lexicon import Lexicon

SPANISH = Lexicon(
    article="el la los las lo un una unos unas al del",
    possessive="""
        mi mis tu tus su sus nuestro nuestra nuestros nuestras vuestro vuestra vuestros vuestras""",
    demonstrative="""
        este esta estos estas ese esa esos esas aquel aquella aquellos aquellas esto eso aquello""",
    quantifier="""
        todo toda todos todas algún alguno alguna algunos algunas ningún ninguna cada mucho mucha
        muchos muchas poco poca pocos pocas otro otra otros otras varios varias cualquier más menos
        tanto tanta tantos tantas ambos mismo misma demasiado""",
    number="""
        dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince veinte
        treinta cuarenta cincuenta sesenta setenta ochenta noventa cien ciento cientos mil millón
        millones primer primero primera segundo segunda""",
    preposition="""
        a ante bajo con contra de desde durante en entre hacia hasta mediante para por según sin
        sobre tras al del como excepto salvo""",
    coordinator="y e o u ni pero sino mas",
    subordinator="""
        que si cuando porque aunque mientras pues como donde conque apenas cuyo cuya cuyos cuyas
        cual cuales quien quienes""",
    relative="""
        que quien quienes cual cuales cuyo cuya cuyos cuyas donde adonde qué quién quiénes cuál
        cuáles cómo dónde cuándo cuánto cuánta cuántos cuántas""",
    auxiliary="""
        soy eres es somos sois son era eras éramos eran fui fue fuimos fueron seré será serán sería
        serían sea sean sido ser estoy estás está estamos estáis están estaba estaban estuvo estar
        he has ha hemos habéis han había habías habíamos habían habrá habría haya hayan haber hay
        voy vas va vamos van iba iban puedo puedes puede podemos pueden podía podría poder debo
        debes debe debemos deben debería tengo tiene tenemos tienen quiero quiere""",
    negation="no nunca jamás tampoco nada",
    subject="""
        yo tú él ella usted nosotros nosotras vosotros ellos ellas ustedes uno alguien nadie""",
    object="me te se lo la le nos os los las les mí ti sí conmigo contigo consigo",
    adverb="""
        muy tan más menos demasiado bastante casi también sólo solo ya aún todavía siempre incluso
        bien realmente""",
)
