export interface Challenge {
  /** Lower-case: `basic`, `bearer`. */
  scheme: string;
  /** Names are lower-case. */
  parameters: ReadonlyMap<string, string>;
}

const part =
  /[\s,]*(?:(?<name>[\w-]+)\s*=\s*(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<bare>[^\s,"]+))|(?<scheme>[A-Za-z][\w-]*))/gy;

/** Reads `WWW-Authenticate`: https://www.rfc-editor.org/rfc/rfc9110#field.www-authenticate */
export function challengesOf(header: string): Challenge[] {
  const found: { scheme: string; parameters: Map<string, string> }[] = [];
  for (const { groups = {} } of header.matchAll(part)) {
    const { scheme, name, quoted, bare } = groups;
    if (scheme !== undefined) found.push({ scheme: scheme.toLowerCase(), parameters: new Map() });
    else if (name !== undefined) {
      const value = quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '';
      found.at(-1)?.parameters.set(name.toLowerCase(), value);
    }
  }
  return found;
}
