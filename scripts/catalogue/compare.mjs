/** What the catalogue says against what Nix says. Pure. */
import { compareVersions } from './versions.mjs';

/**
 * @param facts of one channel (facts.mjs)
 * @param answers in their order: what evaluate.nix says, or null
 * @returns problems (the catalogue must be mended), remarks (it could be better), and all versions
 */
export function compare(facts, answers) {
  const problems = [];
  const remarks = [];
  const versions = {};
  for (const [at, fact] of facts.entries()) {
    const answer = answers[at] ?? null;
    if (answer === null) {
      problems.push(`${fact.attribute}: missing`);
      continue;
    }
    if (answer.version !== null) versions[fact.attribute] = answer.version;
    if (!answer.evaluates) problems.push(`${fact.attribute}: does not evaluate`);
    if (answer.insecure && !fact.insecure.includes(answer.name)) {
      problems.push(`${fact.attribute}: insecure, as ${answer.name}`);
    }
    if (answer.unfree && !fact.unfree.includes(answer.name)) {
      problems.push(`${fact.attribute}: unfree, as ${answer.name}`);
    }
    if (!answer.insecure && fact.insecure.length > 0) remarks.push(`${fact.attribute}: not insecure`);
    remarks.push(...versionRemarks(fact, answer.version));
  }
  return { problems, remarks, versions };
}

function versionRemarks({ attribute, version: said }, found) {
  const is = /^\d+(\.\d+)*/.exec(found ?? '')?.[0] ?? null;
  if (is === null) return [];
  if (said === null) return [];
  const known = said.replace(/(\.x|\+)$/, '');
  if (said.endsWith('+')) {
    return compareVersions(is, known) >= 0
      ? [`${attribute}: ${found}, known as ${said}`]
      : [`${attribute}: ${found}, older than ${known}`];
  }
  const agrees = said.endsWith('.x') ? `${is}.`.startsWith(`${known}.`) : is === known;
  return agrees ? [] : [`${attribute}: ${found}, not ${said}`];
}
