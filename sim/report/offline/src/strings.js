/* Every word of the page, in one object. t(key, values) fills {braces}. */
const STRINGS = {
  en: {
    scene: "Scene {name} · {title} · {n} minutes", pairKicker: "Two arrangements, one clock", skip: "Skip to the clock",
    notes: "Notes and debrief", guessAgain: "Guess again", print: "Print handout", other: "Français", close: "Close",
    clock: "Clock", play: "Play", pause: "Pause", week: "Week {w}", scrub: "Week", speed: "Speed", noMission: "no mission in the field", unitsOf: "{m} {n}", 
    layer: "Map layer", layer_threat: "Threat and harm", layer_presence: "Presence", layer_legitimacy: "Legitimacy of", layer_displaced: "Displaced people", whom: "Whose legitimacy the map shows",
    legend_threat: ["none", "{top} deaths a week expected without missions (middle {mid})"], legend_legitimacy: ["rejects {low}", "accepts {top}"], legend_displaced: ["none", "{top} people (middle {mid})"],
    nobodyNear: "nobody in reach", bare: "bare: never met", oneStripe: "one stripe and hatching for each mission in reach", answered: "answered", hollow: "harm by a mission", others: "others", 
    all: "everybody", displaced: "displaced", spread: "{lo}–{hi}", spreadTitle: "shown run, and 5–95 % of {n} runs", 
    killedBy: "Civilians killed, by perpetrator",
    finding: "Over the run, B − A: <b>{d}</b> killed [{lo}, {hi}]. Fewer die in B in <b>{n} of {seeds}</b> paired runs",
    findingWorlds: " and in <b>{k} of {worlds}</b> plausible worlds.", findingNoWorlds: "; no other plausible world was tried.",
    s_sum: "{name}, so far", s_pooled: "{name}, so far", s_level: "{name}", s_smooth: "{name}, 13-week mean", smoothed: "{name}drawn as the mean of 13 weeks, for a week has few events", s_note: "band: 5–95 % of {n} runs", arrives: "{m} arrives", year: "year {y}", curve: "Second curve", noCurve: "not there", guessIs: "guess {v}",
    differs: "{name}, B − A <b>{d}</b> [{lo}, {hi}], <b>{verdict}</b>", together: "{name}the two curves hardly part", 
    v_higher: "higher in B", v_lower: "lower in B", "v_slightly higher": "slightly higher in B", "v_slightly lower": "slightly lower in B", v_flat: "no difference to speak of", v_open: "open: the sign does not hold", "v_not estimable": "not estimable",
    legitimacy: "Legitimacy", impartiality: "Impartiality", credibility: "Credibility", matrixTitle: "Who thinks what of whom, 0–100", diff: "B − A", noOpinion: "no opinion", 
    movedTitle: "What moved the {quantity} of {actor}, points", opening: "After first impressions of A {a}, B {b}.", openingNone: "none", rest: "all else",
    kind0: "the fields", kind1: "the mine", kind2: "the town", kind3: "the capital", kind9: "open country", at: "{place} at {ref}",
    story_attack_on_civilians: "{who} attacked {place}; <b>{dead}</b>.", story_state_abuse: "{who} abused people in {place}; <b>{dead}</b>.", story_mission_harm: "{who} fought in {place}; <b>{dead}</b>.",
    dead0: "nobody died", dead1: "1 civilian died", dead: "{n} civilians died",
    story_answered: "{m} acted on it.", story_idle: "{m}: in reach, did not act.", story_far: "No mission was in reach.", story_blamed: "Most nearby blame {m}.",
    story_more: "Elsewhere: {list}.", story_quiet: "A week without an attack on civilians.", story_ledger: "{quantity} of {actor}: {points} points, moved by {rule}.",
    c_attack_on_civilians: ["1 more attack", "{n} more attacks"], c_state_abuse: ["1 abuse by the state", "{n} abuses by the state"], c_mission_harm: ["1 operation that harmed", "{n} operations that harmed"], c_battle: ["1 battle", "{n} battles"], c_communal: ["1 communal clash", "{n} communal clashes"],
    c_attack_on_peacekeepers: ["1 attack on peacekeepers", "{n} attacks on peacekeepers"], c_attack_on_aid: ["1 attack on aid", "{n} attacks on aid"], c_protest: ["1 protest", "{n} protests"], and: "and",
    curtainTitle: "Before the curtain opens: what does the room expect?", curtainText: "A, “{a}”, plays on the left. B is “{b}”: same country, same luck. Drag the end of a line or use its slider.",
    q_end: "{name} in B by week {w}?", guessSame: "{v}, the same as in A", guessAgainst: "{v}, {d} against A", guessAlone: "{v}; A has none", commit: "Commit the guess and open", skipGuess: "Open without a guess", which: "Which of these does the room expect?", roomGuess: "guess: {killed} killed, {second}", roomGuessOne: "guess: {killed} killed",
    cell: "{people} people live in {ref} ({groups}); {gone} displaced people are there in A, {goneB} in B.", cellReach: "In reach in week {w}: A {a}; B {b}.", nobody: "nobody", cellEmpty: "Nobody lives at {ref}.", happened: "What happened here up to week {w}", nothing: "No attack.", why: "What moved the {quantity} of {actor} here up to week {w}, points",
    ev: "Week {w}: {who}, {dead}", evAnswered: "answered by {m}", evMore: "and {n} earlier", cellHint: "Click a cell, or use the arrow keys and Enter, to read what happened there.",
    exploratory: "Exploratory, not a forecast.", basis: "An argument made precise, not a measurement: of {n} parameters {literature} rest on literature, {calibration} on calibration, {assumption} on assumption. 2 arms run, {seeds} paired seeds, {worlds} plausible worlds; shown: seed {shown}, the median by civilians killed.",
    fps: "{n} frames/s", paint: "first paint {s} s",
    notesTitle: "Notes for the trainer", h_debrief: "Debrief", h_predict: "What the room may predict", h_other: "The other side wins when …", h_watch: "Over the whole run, means of {n} paired runs", h_assume: "Assumptions", h_sources: "Sources", h_differs: "Where A and B differ", h_keys: "Keys", h_dial: "The dial of this scene",
    other_usual: "Over the {n} pairs {few} in B on average ({d}). ", few_A: "more civilians die", few_B: "fewer civilians die",
    other_pairs: "Luck alone turns it: in {k} of {n} pairs the other side does better.", other_pairsNone: "In none of the {n} pairs the other side does better.",
    other_found: "… the unknowns are these (a plausible world, found among {n} and played again with {of} fresh seeds): B − A is {d} civilians killed on average, and the other side does better in {wins} of {of} pairs. What stands farthest from its usual value:", other_value: "{meaning}: {value} {unit} (usually {usual}, plausible {low} to {high})",
    other_none: "No such world was found among {n} plausible ones. In {found} of them one pair turned the sign; the {checked} in which the other side did best before luck were played again on fresh seeds, and in none did it win.", other_untried: "No plausible world was tried for this page.", other_dots: "Each dot is one pair of runs with the same luck: civilians killed, B − A. Right of the line A did better.",
    assume_fiction: "The country is fictional; no rule reads the name or the class of an organisation.", assume_basis: "Of {n} parameters {literature} rest on literature, {calibration} on calibration, {assumption} on assumption; this country sets {set} of them itself.", assume_seeds: "Seeds are luck, not a sample of anything: bands and pairs say what luck does under these assumptions.", assume_moved: "“Moved by” is bookkeeping of the rules, not what would have been without them.", assume_shown: "The run on the maps is the one nearest to the median of civilians killed in both arms (seed {shown} of {n}).",
    source_used: "rests on it: {used}", source_more: " and {n} more", source_none: "no rule rests on it; the scene does", sourceNote: "B-, S-, F- and E are entries of the project’s evidence table, docs/evidence.md. An address is there to be copied: this page asks nothing of a network.", source_unknown: "Of the project’s evidence table, docs/evidence.md:", source_copy: "Click once to select, then copy", based: "Modelled on: {cases}. Exploratory, not a portrait.", turnsIt: "{title} ({path}): {values}; turned in {arms}.", both: "both",
    col_metric: "", col_a: "A", col_b: "B", col_d: "B − A, 95 %", col_verdict: "verdict",
    keys: [["Space", "play, pause"], ["← →", "one week; with Shift a quarter"], ["Home End", "first, last week"], ["1–4", "map layer"], ["+ −", "speed"], ["M", "next view in the matrix"], ["C", "next second curve"], ["N", "these notes"], ["L", "English, français"], ["P", "print the handout"], ["Esc", "close"], ["Tab, arrows, Enter", "on a map: move the cell, open it"]],
    handGuess: "The room's guess", handNotes: "Notes", mapLabel: "Map of {arm}, week {w}, layer {layer}. {killed} civilians killed so far. {units}. Arrow keys move the cell, Enter opens it.",
    seriesLabel: "{title}. Week {w}: A {a}, {alo} to {ahi}; B {b}, {blo} to {bhi}.", funding_cut: "funding cut", withdrawal: "withdrawal", mandate_change: "new mandate", expulsion: "expulsion", massacre: "massacre", rumour: "rumour", ceasefire: "ceasefire",
  },
  fr: {
    scene: "Scène {name} · {title} · {n} minutes", pairKicker: "Deux dispositifs, une horloge", skip: "Aller à l’horloge",
    notes: "Notes et débriefing", guessAgain: "Parier encore", print: "Imprimer", other: "English", close: "Fermer",
    clock: "Horloge", play: "Lecture", pause: "Pause", week: "Semaine {w}", scrub: "Semaine", speed: "Vitesse", noMission: "aucune mission sur place", unitsOf: "{m} {n}", 
    layer: "Couche", layer_threat: "Menace et violences", layer_presence: "Présence", layer_legitimacy: "Légitimité de", layer_displaced: "Déplacés", whom: "De qui la carte montre la légitimité",
    legend_threat: ["aucune", "{top} morts par semaine attendus sans mission (milieu {mid})"], legend_legitimacy: ["rejet {low}", "adhésion {top}"], legend_displaced: ["aucun", "{top} personnes (milieu {mid})"],
    nobodyNear: "personne à portée", bare: "nu : jamais rencontrée", oneStripe: "une bande et des hachures par mission à portée", answered: "réponse", hollow: "torts d’une mission", others: "autres", 
    all: "tout le monde", displaced: "déplacés", spread: "{lo}–{hi}", spreadTitle: "tirage montré, et 5–95 % de {n} tirages", 
    killedBy: "Civils tués, par auteur",
    finding: "En tout, B − A : <b>{d}</b> tués [{lo}, {hi}]. Moins de morts en B dans <b>{n} paires sur {seeds}</b>",
    findingWorlds: " et dans <b>{k} mondes plausibles sur {worlds}</b>.", findingNoWorlds: " ; aucun autre monde plausible n’a été essayé.",
    s_sum: "{name}, à ce jour", s_pooled: "{name}, à ce jour", s_level: "{name}", s_smooth: "{name}, moyenne sur 13 semaines", smoothed: "{name}tracé en moyenne sur 13 semaines, une semaine compte peu d’événements", s_note: "bande : 5–95 % de {n} tirages", arrives: "arrivée {m}", year: "an {y}", curve: "Seconde courbe", noCurve: "absent", guessIs: "pari {v}",
    differs: "{name}, B − A <b>{d}</b> [{lo}, {hi}], <b>{verdict}</b>", together: "{name}les deux courbes se séparent à peine", 
    v_higher: "plus haut en B", v_lower: "plus bas en B", "v_slightly higher": "un peu plus haut en B", "v_slightly lower": "un peu plus bas en B", v_flat: "pas d’écart notable", v_open: "ouvert : le signe ne tient pas", "v_not estimable": "non estimable",
    legitimacy: "Légitimité", impartiality: "Impartialité", credibility: "Crédibilité", matrixTitle: "Qui pense quoi de qui, 0–100", diff: "B − A", noOpinion: "sans opinion", 
    movedTitle: "Ce qui a fait bouger : {quantity}, {actor}, points", opening: "Après de premières impressions de A {a}, B {b}.", openingNone: "aucune", rest: "tout le reste",
    kind0: "les champs", kind1: "la mine", kind2: "la ville", kind3: "la capitale", kind9: "la brousse", at: "{place} en {ref}",
    story_attack_on_civilians: "{who} : attaque contre {place} ; <b>{dead}</b>.", story_state_abuse: "{who} : exactions, {place} ; <b>{dead}</b>.", story_mission_harm: "{who} : combat, {place} ; <b>{dead}</b>.",
    dead0: "aucun mort", dead1: "1 civil tué", dead: "{n} civils tués",
    story_answered: "{m} : intervention.", story_idle: "{m} : à portée, sans agir.", story_far: "Aucune mission à portée.", story_blamed: "On en veut surtout à : {m}.",
    story_more: "Ailleurs : {list}.", story_quiet: "Une semaine sans attaque contre des civils.", story_ledger: "{quantity}, {actor} : {points} points, mû par {rule}.",
    c_attack_on_civilians: ["1 autre attaque", "{n} autres attaques"], c_state_abuse: ["1 exaction de l’État", "{n} exactions de l’État"], c_mission_harm: ["1 opération meurtrière", "{n} opérations meurtrières"], c_battle: ["1 combat", "{n} combats"], c_communal: ["1 heurt communautaire", "{n} heurts communautaires"],
    c_attack_on_peacekeepers: ["1 attaque contre les casques bleus", "{n} attaques contre les casques bleus"], c_attack_on_aid: ["1 attaque contre l’aide", "{n} attaques contre l’aide"], c_protest: ["1 manifestation", "{n} manifestations"], and: "et",
    curtainTitle: "Avant le lever de rideau : qu’attend la salle ?", curtainText: "À gauche, A : « {a} ». B est « {b} » : même pays, même hasard. Tirez le bout d’une ligne ou utilisez son curseur.",
    q_end: "{name} en B à la semaine {w} ?", guessSame: "{v}, comme en A", guessAgainst: "{v}, {d} par rapport à A", guessAlone: "{v} ; rien en A", commit: "Valider et lever le rideau", skipGuess: "Lever sans parier", which: "À laquelle de ces issues la salle s’attend-elle ?", roomGuess: "pari : {killed} tués, {second}", roomGuessOne: "pari : {killed} tués",
    cell: "{people} habitants en {ref} ({groups}) ; {gone} déplacés s’y trouvent en A, {goneB} en B.", cellReach: "À portée en semaine {w} : A {a} ; B {b}.", nobody: "personne", cellEmpty: "{ref} : inhabité.", happened: "Ce qui s’est passé ici jusqu’à la semaine {w}", nothing: "Aucune attaque.", why: "Ce qui a fait bouger ici jusqu’à la semaine {w} : {quantity}, {actor}, points",
    ev: "Semaine {w} : {who}, {dead}", evAnswered: "réponse de {m}", evMore: "et {n} plus tôt", cellHint: "Cliquez une case, ou flèches et Entrée, pour lire ce qui s’y est passé.",
    exploratory: "Exploratoire, pas une prévision.", basis: "Un argument rendu précis, pas une mesure : sur {n} paramètres, {literature} viennent de la littérature, {calibration} du calage, {assumption} sont des hypothèses. 2 variantes, {seeds} tirages appariés, {worlds} mondes plausibles ; montré : tirage {shown}, le médian par civils tués.",
    fps: "{n} images/s", paint: "premier affichage {s} s",
    notesTitle: "Notes pour l’animateur", h_debrief: "Débriefing", h_predict: "Ce que la salle peut prédire", h_other: "L’autre camp gagne quand …", h_watch: "Sur toute la période, moyennes de {n} paires", h_assume: "Hypothèses", h_sources: "Sources", h_differs: "Où A et B diffèrent", h_keys: "Clavier", h_dial: "Le réglage de cette scène",
    other_usual: "Sur les {n} paires, {few} en B en moyenne ({d}). ", few_A: "plus de civils meurent", few_B: "moins de civils meurent",
    other_pairs: "Le hasard seul le renverse : dans {k} paires sur {n}, l’autre camp fait mieux.", other_pairsNone: "Dans aucune des {n} paires l’autre camp ne fait mieux.",
    other_found: "… les inconnues sont celles-ci (un monde plausible, trouvé parmi {n} et rejoué avec {of} nouveaux tirages) : B − A vaut {d} civils tués en moyenne, et l’autre camp fait mieux dans {wins} paires sur {of}. Ce qui s’écarte le plus de l’usuel :", other_value: "{meaning} : {value} {unit} (usuel {usual}, plausible {low} à {high})",
    other_none: "Aucun tel monde parmi {n} mondes plausibles. Dans {found}, une paire a renversé le signe ; les {checked} où l’autre camp faisait le mieux avant le hasard ont été rejoués avec de nouveaux tirages, et il n’a gagné dans aucun.", other_untried: "Aucun monde plausible n’a été essayé pour cette page.", other_dots: "Un point : une paire de tirages avec le même hasard ; civils tués, B − A. À droite du trait, A fait mieux.",
    assume_fiction: "Le pays est fictif ; aucune règle ne lit le nom ou la classe d’une organisation.", assume_basis: "Sur {n} paramètres, {literature} viennent de la littérature, {calibration} du calage, {assumption} sont des hypothèses ; ce pays en fixe {set} lui-même.", assume_seeds: "Les tirages sont le hasard, pas un échantillon : bandes et paires disent ce que fait le hasard sous ces hypothèses.", assume_moved: "« Mû par » est la comptabilité des règles, pas ce qui aurait été sans elles.", assume_shown: "Le tirage sur les cartes est le plus proche de la médiane des civils tués (tirage {shown} sur {n}).",
    source_used: "s’y appuient : {used}", source_more: " et {n} autres", source_none: "aucune règle ne s’y appuie ; la scène, oui", sourceNote: "B-, S-, F- et E sont des entrées de la table des preuves du projet, docs/evidence.md. Une adresse est là pour être copiée : cette page ne demande rien au réseau.", source_unknown: "De la table des preuves du projet, docs/evidence.md :", source_copy: "Un clic pour la sélectionner, puis copier", based: "D’après : {cases}. Exploratoire, pas un portrait.", turnsIt: "{title} ({path}) : {values} ; tourné en {arms}.", both: "A et B",
    col_metric: "", col_a: "A", col_b: "B", col_d: "B − A, 95 %", col_verdict: "verdict",
    keys: [["Espace", "lecture, pause"], ["← →", "une semaine ; avec Maj un trimestre"], ["Début Fin", "première, dernière semaine"], ["1–4", "couche"], ["+ −", "vitesse"], ["M", "vue suivante du tableau"], ["C", "seconde courbe suivante"], ["N", "ces notes"], ["L", "English, français"], ["P", "imprimer"], ["Échap", "fermer"], ["Tab, flèches, Entrée", "sur une carte : déplacer la case, l’ouvrir"]],
    handGuess: "Le pari de la salle", handNotes: "Notes", mapLabel: "Carte : {arm}, semaine {w}, couche {layer}. {killed} civils tués. {units}. Flèches pour la case, Entrée pour l’ouvrir.",
    seriesLabel: "{title}. Semaine {w} : A {a}, {alo} à {ahi} ; B {b}, {blo} à {bhi}.", funding_cut: "coupe de fonds", withdrawal: "retrait", mandate_change: "nouveau mandat", expulsion: "expulsion", massacre: "massacre", rumour: "rumeur", ceasefire: "cessez-le-feu",
  },
};
let language = "en";
const words = (key) => STRINGS[language][key] ?? key;
const t = (key, values = {}) => typeset(words(key).replace(/\{(\w+)\}/g, (_, k) => values[k] ?? ""));
const typeset = (told) => (language === "fr" ? told.replace(/ ([?!:;»])/g, "\u00a0$1").replace(/« /g, "«\u00a0") : told);   // French signs stay with their word
const list = (items) => (items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} ${t("and")} ${items.at(-1)}`);
const formats = new Map();                                         // a format is made once: making one is slow
function number(v, digits = 0) {
  const key = language + digits;
  if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(language, { maximumFractionDigits: digits, minimumFractionDigits: digits }));
  return formats.get(key).format(v);
}
function dateText(time) {
  if (!formats.has(language)) formats.set(language, new Intl.DateTimeFormat(language === "en" ? "en-GB" : "fr", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }));
  return formats.get(language).format(time);
}
const signed = (v, digits = 0) => { const told = number(Math.abs(v), digits); return (/[1-9]/.test(told) ? (v > 0 ? "+" : "−") : "±") + told; };
const capital = (words) => words[0].toUpperCase() + words.slice(1);
