/** Compiles the native tables: evidence is checked and left out, references are checked. */

/**
 * @param native by ecosystem: `{ shared, packages }` with evidence
 * @param {{ attributes: Record<string, unknown>, evidence: Record<string, string> }} known
 * @throws Error with the row that is wrong
 */
export function compileNative(native, known) {
  return Object.fromEntries(
    Object.entries(native).map(([ecosystem, table]) => [ecosystem, tableOf(ecosystem, table, known)]),
  );
}

function tableOf(ecosystem, { shared, packages }, known) {
  const names = new Set([...Object.keys(shared), ...Object.keys(packages)]);
  const entryOf = (place, entry) => {
    if (typeof entry === 'string') {
      if (!names.has(entry)) throw new Error(`${place}: no row ${entry}`);
      return entry;
    }
    if (entry.versions === undefined) return rowOf(place, entry, known);
    return { versions: entry.versions.map(([range, row]) => [range, entryOf(`${place} ${range}`, row)]) };
  };
  const compiled = (rows) =>
    Object.fromEntries(
      Object.entries(rows).map(([name, entry]) => [name, entryOf(`${ecosystem}: ${name}`, entry)]),
    );
  return { shared: compiled(shared), packages: compiled(packages) };
}

function rowOf(place, { evidence = [], ...row }, known) {
  if (evidence.length === 0) throw new Error(`${place}: no evidence`);
  const unknown = evidence.filter((id) => !Object.hasOwn(known.evidence, id));
  if (unknown.length > 0) throw new Error(`${place}: no such evidence: ${unknown.join(', ')}`);
  const used = [row.link, row.dlopen, row.tools].flatMap((names) => names ?? []);
  const parts = (row.variables ?? [])
    .flatMap(({ value }) => value)
    .filter((part) => typeof part !== 'string');
  const named = parts.map((part) => part.package).filter((name) => !name.startsWith('@'));
  for (const name of [...used, ...named]) {
    if (!Object.hasOwn(known.attributes, name)) throw new Error(`${place}: no attribute ${name}`);
  }
  const idle = (row.linuxOnly ?? []).filter((name) => !used.includes(name) && !named.includes(name));
  if (idle.length > 0) throw new Error(`${place}: linuxOnly names what it does not use: ${idle.join(', ')}`);
  return row;
}
