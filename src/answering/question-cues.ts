import type { Language } from '../language.ts';

/** What a question asks for, as far as its first words tell. */
export type AskedFor = 'time' | 'duration' | 'amount' | 'number' | 'place' | 'person' | 'reason' | 'manner';

/** What the question asks for; empty where its words do not tell. The most particular kinds come first. */
export function askedFor(question: string, language: Language): AskedFor[] {
	const text = question.toLowerCase().normalize('NFC');
	return kinds.filter(kind => questionWords[language][kind]?.test(text));
}

/** Whether a sentence holds what such a question asks for: a date, a span of time, money, a number, a place, a name … */
export function holds(sentence: string, kind: AskedFor): boolean {
	return evidence[kind].test(sentence);
}

const kinds: readonly AskedFor[] = ['duration', 'amount', 'number', 'time', 'place', 'person', 'reason', 'manner'];

const questionWords: Record<Language, Partial<Record<AskedFor, RegExp>>> = {
	en: {
		duration: /\bhow (?:long|many (?:days|weeks|months|years|hours|minutes))\b/u,
		amount: /\bhow much\b|\b(?:price|cost|fee|charge)s?\b/u,
		number: /\bhow (?:many|old|far|large|big|tall|high|often|fast)\b|\b(?:percentage|number|population)\b/u,
		time: /\bwhen\b|\b(?:what|which) (?:year|date|day|month|time|century|decade)\b/u,
		place: /\bwhere\b|\b(?:what|which) (?:city|country|state|region|place|location)\b/u,
		person: /\bwho(?:se|m)?\b/u,
		reason: /\bwhy\b|\breason\b/u,
		manner: /\bhow (?:do|can|to|should|would|does|did)\b/u,
	},
	es: {
		duration: /cuánto (?:tiempo|tarda|dura|demora)|cuántos (?:días|años|meses)|cuántas (?:horas|semanas)|plazo/u,
		amount: /cuánto (?:cuesta|vale|dinero|cobra|es el)|\b(?:precio|coste|costo)\b/u,
		number: /cuánt[oa]s?|porcentaje|número/u,
		time: /cuándo|(?:qué|cuál) (?:año|fecha|día|mes|siglo|década)|en qué año/u,
		place: /dónde|qué (?:ciudad|país|lugar|región|estado)/u,
		person: /qui[eé]n(?:es)?/u,
		reason: /por qué|motivo|razón/u,
		manner: /cómo/u,
	},
	fr: {
		duration: /combien de (?:temps|jours|semaines|mois|heures|années|ans)|(?:quelle (?:est la )?durée)|délai/u,
		amount: /combien (?:coûte|ça coûte|d['’]argent|vaut|co[uû]te)|\b(?:prix|coût|tarif|montant|frais)\b/u,
		number: /combien|pourcentage|\bnombre\b/u,
		time: /\bquand\b|(?:quelle?|quel) (?:est la )?(?:année|date|jour|mois|siècle|époque|heure)/u,
		place: /\boù\b|quelle? (?:est la )?(?:ville|pays|lieu|région|endroit)/u,
		person: /\bqui\b/u,
		reason: /pourquoi|raison|motif/u,
		manner: /comment/u,
	},
	de: {
		duration: /wie lange|wie viele (?:tage|wochen|monate|jahre|stunden)|wieviele (?:tage|jahre)|frist/u,
		amount: /was kostet|wie ?viel (?:kostet|geld|euro|dollar)|\b(?:preis|kosten|gebühr|betrag)\b/u,
		number: /wie ?viele?|wie (?:hoch|groß|weit|alt|oft|schnell)|prozent|anzahl/u,
		time: /\bwann\b|welche[smn]? (?:jahr|datum|tag|monat|jahrhundert|jahrzehnt)/u,
		place: /\bwo(?:hin|her)?\b|welche[rsmn]? (?:stadt|land|ort|staat|region)/u,
		person: /\bwe[rmn]\b|wessen/u,
		reason: /warum|wieso|weshalb|grund/u,
		manner: /\bwie\b/u,
	},
	pt: {
		duration: /quanto tempo|quant[oa]s (?:dias|anos|meses|horas|semanas)|prazo/u,
		amount: /quanto (?:custa|vale|é|dinheiro|cobra)|\b(?:preço|custo|valor)\b/u,
		number: /quant[oa]s?|porcentagem|percentagem|número/u,
		time: /quando|(?:que|qual) (?:foi o )?(?:ano|data|dia|mês|século|década)|em que ano/u,
		place: /\bonde\b|(?:que|qual) (?:cidade|país|lugar|região|estado)/u,
		person: /\bquem\b/u,
		reason: /por ?qu[eê]|motivo|razão/u,
		manner: /como/u,
	},
};

const month =
	'(?:jan(?:uary|\\.|vier|eiro|uar)?|feb(?:ruary|ruar|rero|\\.)?|févr(?:ier)?|fevereiro|mar(?:ch|s|zo|ço)|märz|apr(?:il|\\.)?|avril|abril|ma[iy]o?|jun[ei]o?|juin|jul[iy]o?|juillet|julho|junho|aug(?:ust|\\.)?|agosto|août|sep(?:t(?:ember|embre|iembre|\\.)?|\\.)?|setembro|o[ck]t(?:ober|obre|ubre|\\.)?|outubro|nov(?:ember|embre|iembre|embro|\\.)?|de[cz](?:ember|iembre|embro|\\.)?|décembre)';
const span =
	'(?:minutes?|minutos?|minuten?|hours?|horas?|heures?|stunden?|days?|d[ií]as?|jours?|tage?n?|weeks?|semanas?|semaines?|wochen?|months?|mes(?:es)?|mois|monate?n?|mês|years?|años?|anos?|ans|années?|jahre?n?|centur(?:y|ies)|siglos?|siècles?|jahrhunderte?|séculos?|business|working|werktage?n?|h|min)';

const evidence: Record<AskedFor, RegExp> = {
	time: new RegExp(
		`(?<!\\d)(?:1\\d|20)\\d\\d(?!\\d)|(?<![\\p{L}])${month}(?![\\p{L}])|\\d{1,2}[.:h]\\d{2}\\b|\\d{1,2}[./-]\\d{1,2}[./-]\\d{2,4}`,
		'iu',
	),
	duration: new RegExp(`(?:\\d|\\p{L}{2,})\\s*(?:[–-]\\s*\\d+\\s*)?${span}(?![\\p{L}])`, 'iu'),
	amount:
		/[€$£¥]|\b(?:euros?|dollars?|dólares|pounds?|libras?|reais|real|R\$|EUR|USD|GBP|BRL|free|gratis|gratuit[oea]?s?|kostenlos|grátis|millions?|milliards?|billion|millones|Millionen|Milliarden|milhões)(?![\p{L}])/iu,
	number:
		/\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|deux|trois|quatre|cinq|sept|huit|neuf|dix|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|dois|duas|três|quatro|sete|oito|nove|dez)\b/iu,
	place:
		/(?:\b(?:in|at|near|from|to|en|a|cerca de|à|au|aux|dans|vers|nach|im|bei|aus|am|em|no|na|nos|nas|para)\s+(?:the |la |el |le |l['’]|der |den |dem |das |os? |as? )?\p{Lu}\p{L}+)|(?:https?:\/\/|\p{L} > \p{L}|\p{L} → \p{L})/u,
	person: /\p{Lu}[\p{L}'’.-]+\s+(?:(?:de|da|do|van|von|der|di|la|le)\s+)?\p{Lu}[\p{L}'’-]+/u,
	reason:
		/\b(?:because|since|due to|so that|in order to|therefore|reason|porque|debido|ya que|puesto que|para que|car|parce|puisque|afin|en raison|weil|da|denn|aufgrund|wegen|um zu|damit|pois|devido|já que|por causa|a fim)\b/iu,
	manner:
		/\b(?:by|using|through|via|click|select|open|go to|choose|enter|mediante|haga|haz|pulse|seleccione|abra|vaya|en |grâce|cliquez|sélectionnez|ouvrez|allez|indem|durch|mit|klicken|wählen|öffnen|gehen|através|clique|selecione|abra|acesse|por meio)\b|^\s*\d+[.)]\s/iu,
};
