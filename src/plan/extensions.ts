/** What a toolchain is composed with: the extensions of PHP that its projects ask for. */
import type { Selection } from '../catalogue/types.ts';
import { shown } from '../detect/evidence.ts';
import type { ToolchainNeed } from '../detect/types.ts';
import { byKey } from '../grouped.ts';
import { byText, finding } from './context.ts';
import { permit } from './parts.ts';
import type { Extension, Finding } from './schema.ts';
import type { Site } from './site.ts';

/**
 * The extensions that a need asks for, by name; those that the toolchain has by itself left out. What the selected
 * channel does not have is a finding.
 */
export function extensionsOf(
  { context, parts }: Site,
  { id, extensions = [] }: ToolchainNeed,
  { tool, line, fact: { channel } }: Selection,
): { extensions: Extension[]; findings: Finding[] } {
  const known = context.catalogue.tool(tool)?.extensions;
  const added: Extension[] = [];
  const findings: Finding[] = [];
  for (const { name, because } of [...extensions].sort((a, b) => byText(a.name, b.name))) {
    if (known?.included.has(name)) continue;
    const fact = known?.fact(name, channel) ?? null;
    if (fact === null) {
      findings.push(
        finding(
          'extension-missing',
          'warning',
          `the extension ${shown(name)} is asked for, which ${id} ${line} of ${channel} is not known to have`,
          'Composer refuses to install without it, unless it is told to ignore that requirement of the platform.',
          because,
        ),
      );
      continue;
    }
    permit(parts, channel, fact);
    added.push({ name, grade: fact.grade, because });
  }
  return { extensions: added, findings };
}

/** The same extension of many projects is one, with the evidence of all; by name. */
export function joined(all: readonly Extension[]): Extension[] {
  const byName = byKey(all, ({ name }) => name);
  return [...byName.values()]
    .flatMap(([first, ...others]) =>
      first === undefined
        ? []
        : [{ ...first, because: [first, ...others].flatMap(({ because }) => because) }],
    )
    .sort((one, other) => byText(one.name, other.name));
}
