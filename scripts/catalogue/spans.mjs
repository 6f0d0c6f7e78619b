/**
 * The notation of the catalogue's sources: one line of text for what is known of an attribute in one or
 * more neighbouring channels.
 *
 *     24.05..25.11 confirmed insecure? version 20.17.0+ (rl-2405 #264358)
 *
 * channels, grade, optionally `insecure` (or `insecure?`: perhaps; `insecure cached`: the binary cache has it
 * all the same), optionally the version (exact; `1.86.x`: the minor; `20.17.0+`: at least this), and the ids of
 * the evidence (catalogue/evidence.json).
 */

const span =
  /^(?<from>[\w.]+?)(?:\.\.(?<to>[\w.]+))? (?<grade>confirmed|interpolated|inferred)(?: (?<insecure>insecure\??)(?<cached> cached)?)?(?: version (?<version>\d[\d.]*(?:\.x|\+)?))? \((?<evidence>[^()]+)\)$/;

/**
 * @param {string} text
 * @param {readonly string[]} channels short names, oldest first
 * @returns {{channels: string[], grade: string, insecure: boolean, cached: boolean, version: string | null, evidence: string[]}}
 * @throws Error that says what is wrong with the line
 */
export function parseSpan(text, channels) {
  const groups = span.exec(text)?.groups;
  if (groups === undefined) throw new Error(`not understood: ${JSON.stringify(text)}`);
  const from = channels.indexOf(groups.from);
  const to = groups.to === undefined ? from : channels.indexOf(groups.to);
  if (from === -1 || to < from) throw new Error(`no such channels: ${JSON.stringify(text)}`);
  return {
    channels: channels.slice(from, to + 1),
    grade: groups.grade,
    insecure: groups.insecure !== undefined,
    cached: groups.cached !== undefined,
    version: groups.version ?? null,
    evidence: groups.evidence.split(/[\s,]+/),
  };
}

/**
 * All spans of an attribute, by channel.
 *
 * @throws Error where two spans speak of the same channel
 */
export function parseSpans(texts, channels) {
  const facts = new Map();
  for (const text of texts) {
    const { channels: covered, ...fact } = parseSpan(text, channels);
    for (const channel of covered) {
      if (facts.has(channel)) throw new Error(`${channel} twice: ${JSON.stringify(text)}`);
      facts.set(channel, fact);
    }
  }
  return facts;
}
