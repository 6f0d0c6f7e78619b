/** Settings of `nidify.jsonc` that decide nothing: most often a misspelt name. */
import { configEvidence, finding, needsOf, type PlanContext } from './context.ts';
import type { Environment, Finding } from './schema.ts';

/**
 * @param keys keys of every package that was considered, the removed ones among them
 */
export function unusedSettings(
  { config, needs }: PlanContext,
  keys: ReadonlySet<string>,
  environments: readonly Environment[],
): Finding[] {
  const asked = new Set(
    [...needsOf(needs, 'toolchain'), ...needsOf(needs, 'package-manager'), ...needsOf(needs, 'service')].map(
      ({ id }) => id,
    ),
  );
  const versions = Object.keys(config.versions ?? {}).filter((id) => !asked.has(id));
  const removed = (config.packages?.remove ?? []).filter((key) => !keys.has(key));
  const isEmpty = environments.every(({ packages }) => packages.length === 0);
  return [
    ...versions.map((id) => unused('versions', id, 'nothing in the repository asks for it')),
    ...(isEmpty ? [] : removed.map((key) => unused('packages', key, 'no package of the plan has this key'))),
  ];
}

function unused(setting: string, name: string, why: string): Finding {
  return finding(
    'setting-unused',
    'warning',
    `nidify.jsonc: "${name}" in "${setting}" has no effect: ${why}`,
    '`nidify explain` shows the names that there are.',
    [{ ...configEvidence(setting), text: name }],
  );
}
