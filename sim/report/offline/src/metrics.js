/* Names of metrics, rules and actors in both languages, and how their numbers are written. {1} and {2} are keys. */
const METRICS = {
  civilians_killed: ["civilians killed", "civils tués", "civilians killed by {1}", "civils tués par {1}"],
  civilians_killed_expected: ["civilians killed, expected", "civils tués, attendus"], attacks_on_civilians: ["attacks on civilians", "attaques contre des civils"],
  attacks_answered_all: ["attacks answered", "attaques avec réponse"], attacks_answered_share: ["", "", "known attacks answered by {1}", "attaques, réponse {1}"],
  displaced: ["displaced people", "déplacés"], refugees: ["refugees abroad", "réfugiés"], sheltered: ["sheltered people", "abrités"],
  legitimacy: ["", "", "legitimacy of {2}", "légitimité {2}"], impartiality: ["", "", "impartiality of {2}", "impartialité {2}"], credibility: ["", "", "credibility of {2}", "crédibilité {2}"],
  impartiality_min: ["", "", "impartiality of {1}, lowest group", "impartialité {1}, groupe le plus bas"], popular_consent: ["", "", "popular consent to {1}", "consentement populaire {1}"],
  contagion_loss: ["", "", "{2} blamed for {1}, loss", "{2}, blâme pour {1}, perte"], complicity_loss: ["", "", "{2} complicit with {1}, loss", "{2}, complicité {1}, perte"],
  overlap: ["people in reach of two missions", "à portée de deux missions"], gaps: ["threat in nobody’s reach", "menace hors de portée"], coverage_all: ["threat in reach", "menace à portée"], coverage: ["", "", "threat in reach of {1}", "menace à portée {1}"],
  weeks_to_first_presence: ["", "", "weeks until {1} is there", "semaines avant {1}"], cost_all: ["cost of missions", "coût des missions"], cost: ["cost", "coût", "cost of {1}", "coût {1}"],
  state_consent: ["", "", "{1}’s consent to {2}", "consentement {1} → {2}"], mandate_delivery: ["", "", "mandate delivered, {1}", "mandat rempli, {1}"], tasks_done_share: ["", "", "tasks done, {1}", "tâches accomplies, {1}"],
  expectation_gap: ["", "", "promise not kept, {1}", "promesse non tenue, {1}"], abusiveness: ["", "", "abusiveness of {1}", "abus, {1}"], battle_deaths: ["battle deaths", "morts au combat"],
  relapse_after_clearing: ["", "", "weeks ground stays cleared, {1}", "semaines sans rechute, {1}"], fighters: ["fighters", "combattants", "fighters of {1}", "combattants, {1}"], hit_rate: ["", "", "operations that hit, {1}", "opérations qui touchent, {1}"], host_capacity: ["", "", "capacity of {1}", "capacité, {1}"],
  rumour_prevalence: ["", "", "who believe the rumour about {1}", "croient la rumeur sur {1}"], protests: ["protests", "manifestations", "protests against {1}", "manifestations contre {1}"], humanitarian_access: ["humanitarian access", "accès humanitaire"],
  picture_error: ["", "", "error of {1}’s picture", "erreur d’image, {1}"], informed: ["", "", "people who inform {1}", "informent {1}"], risk_presence_mismatch: ["", "", "{1} away from risk", "{1} loin du risque"],
  area_access: ["", "", "area open to {1}", "territoire ouvert à {1}"], communal_deaths: ["communal deaths", "morts communautaires"], operations: ["operations", "opérations", "operations of {1}", "opérations, {1}"], reports: ["reports", "signalements", "reports to {1}", "signalements à {1}"],
};
const RULES = {
  attribution: ["blame for {1}", "blâme pour {1}"], complicity: ["part in acts of {1}", "complicité {1}"], protection_seen: ["protection seen", "protection vue"], harm_seen: ["harm by it", "torts causés"], inaction: ["inaction in sight", "inaction visible"],
  expectation: ["promises not kept", "promesses non tenues"], conduct: ["misconduct", "inconduites"], speaking_out: ["speaking out", "prise de parole"], contact: ["contact with people", "contact avec les gens"], coverage_by_group: ["whose places are in sight", "quels lieux sont en vue"],
  decay: ["forgetting", "oubli"], talk: ["talk ({1})", "bouche-à-oreille ({1})"], disinformation: ["false claims", "fausses nouvelles"], services: ["services", "services"], host_conduct: ["conduct of the host", "conduite de l’hôte"], record: ["record", "bilan"],
};
const NAMES = { UN: "ONU", AU: "UA", EU: "UE", host: "forces de l’État", rebels: "rebelles", militia: "milice", raiders: "pillards", front: "front", radio: "radio", neighbours: "voisins", REGION: "RÉGION", joint_force: "force conjointe", joint: "conjointe", communities: "communautés", criminals: "criminels" };
const PLAIN = { host: "host forces", rebels: "rebels", militia: "militia" };

/* A name as people read it: ids lose their underscores, a few are translated; "group 1" becomes « groupe 1 ». */
function named(id) {
  if (id === "all" || id === "displaced" || id === "others") return t(id);
  if (language === "fr") return NAMES[id] ?? id.replace(/^group /, "groupe ").replaceAll("_", " ");
  return PLAIN[id] ?? id.replaceAll("_", " ");
}
const which = (pair) => pair[language === "en" ? 0 : 1];

/* The name of a column of the tables, such as legitimacy:all->UN. */
function metricName({ name, key, label }) {
  const known = METRICS[name], [one, two] = key.split("->");
  const form = known && (key ? known.slice(2) : known.slice(0, 2));
  if (!form?.length || !which(form)) return label;
  const told = which(form).replace("{1}", named(one)).replace("{2}", two ? named(two) : "");
  return ["legitimacy", "impartiality", "credibility"].includes(name) && one !== "all" ? `${told} (${named(one)})` : told;
}
function ruleName([rule, cause]) {
  if (!rule) return t("rest");
  const form = RULES[rule] ? which(RULES[rule]) : rule.replaceAll("_", " ") + (cause ? " ({1})" : "");
  return form.replace("{1}", named(cause || "")).replace(" ()", "");
}

/* How a column's numbers are written: shares in per cent, opinions from 0 to 100, large counts in thousands. */
const scaleOf = ({ unit }) => (unit === "share" || unit === "0-1" ? 100 : 1);
const digitsFor = (largest) => (largest >= 20 || largest === 0 ? 0 : largest >= 2 ? 1 : largest >= 0.2 ? 2 : 3);
function short(v, digits) {
  const size = Math.abs(v);
  if (size >= 1e6) return number(v / 1e6, 1) + (language === "en" ? "m" : " M");
  if (size >= 1e4) return number(v / 1e3, 0) + (language === "en" ? "k" : " k");
  return number(v, Number.isInteger(v) ? 0 : digits);
}
function written(metric, v, largest = Math.abs(v ?? 0) * scaleOf(metric)) {
  if (v == null) return "–";
  const scaled = v * scaleOf(metric), unit = metric.unit === "share" ? " %" : metric.unit === "US$ million" ? " M$" : "";
  return short(isCount(metric) ? Math.round(scaled) : scaled, Math.min(digitsFor(largest), scaleOf(metric) > 1 ? 1 : 3)) + unit;
}
const isCount = ({ unit }) => ["people", "events", "deaths", "reports"].includes(unit);

/* A spread is written as briefly as can be: no unit, thousands from 1,000 on. */
function brief(metric, v, largest) {
  const scaled = v * scaleOf(metric);
  if (Math.abs(scaled) >= 1e3 && Math.abs(scaled) < 1e4) return number(scaled / 1e3, 1) + (language === "en" ? "k" : " k");
  return written(metric, v, largest).replace(/ (%|M\$)$/, "");
}
function writtenChange(metric, v) {
  if (v == null) return "–";
  const scaled = v * scaleOf(metric), size = Math.abs(scaled), sign = scaled > 0 ? "+" : scaled < 0 ? "−" : "±";
  return size >= 1e4 ? sign + short(size, 0) : signed(scaled, isCount(metric) ? Number(size < 10) : digitsFor(size));
}
