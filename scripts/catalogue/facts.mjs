/** Every attribute that the compiled catalogue may emit, by channel. */

/**
 * @param {import('./compile.d.mts').Compiled} compiled
 * @returns {Map<string, import("./compare.d.mts").Fact[]>} by name of the channel
 */
export function factsByChannel({ base, ecosystems }) {
  const rows = [
    ...Object.entries(base.attributes).map(([name, row]) => ({
      segments: typeof row === 'string' ? [{ attribute: name, in: row }] : row,
      versions: {},
    })),
    ...ecosystems.flatMap(({ data }) =>
      data.tools.flatMap(({ lines, extensions = {} }) =>
        lines.flatMap((line) => [
          { segments: line.in, versions: line.versions ?? {} },
          ...Object.entries(extensions).map(([name, row]) => ({
            segments: line.in.map((segment) => extensionOf(segment, name, row)),
            versions: {},
          })),
        ]),
      ),
    ),
  ];
  return new Map(
    base.channels.map(({ name }, at) => [name, unique(rows.flatMap((row) => factsOf(row, name, at)))]),
  );
}

/** An extension of a toolchain where both are: `php84.extensions.imagick`. */
function extensionOf(toolchain, name, row) {
  const [extension] = typeof row === 'string' ? [{ in: row }] : row;
  const letters = [...toolchain.in].map((letter, at) => (letter === '-' ? '-' : (extension.in[at] ?? '-')));
  return { ...extension, attribute: `${toolchain.attribute}.extensions.${name}`, in: letters.join('') };
}

function factsOf({ segments, versions }, channel, at) {
  return segments
    .filter((segment) => /[a-z]/i.test(segment.in[at] ?? '-'))
    .map((segment) => ({
      attribute: segment.attribute,
      version: versions[channel] ?? null,
      insecure: /[A-Z]/.test(segment.in[at]) ? (segment.insecure ?? []) : [],
      unfree: segment.unfree ?? [],
      systems: segment.systems ?? null,
    }));
}

/** An attribute once, with its version where one of the rows has it. */
function unique(facts) {
  const byName = new Map();
  for (const fact of facts) {
    const known = byName.get(fact.attribute);
    byName.set(fact.attribute, known === undefined || known.version === null ? { ...known, ...fact } : known);
  }
  return [...byName.values()].sort((a, b) => (a.attribute < b.attribute ? -1 : 1));
}
