/** Places of a repository that name a package manager. */
import { append } from '../../append.ts';
import { stringAt } from '../../parse/value.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { parseJsonFile } from '../shared/parsed.ts';
import { hasPath } from '../shared/paths.ts';
import { fileIn, join } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { DetectContext, FindingNeed } from '../types.ts';
import { programsOf } from './commands.ts';
import { dependenciesOf, keyEvidence, type Manifest, scriptsOf, textAt } from './manifest.ts';
import type { Workspace } from './packages.ts';
import { shortened } from './pins.ts';
import { pinOf, rangeOf, type VersionText } from './version-text.ts';
import { devEngines, manifestsAbove } from './versions.ts';

export type ManagerId = 'npm' | 'pnpm' | 'yarn' | 'bun';

/** One place that names a package manager. */
export interface Sign {
  id: ManagerId;
  version: VersionText | null;
  because: Evidence;
}

const managerIds: readonly ManagerId[] = ['npm', 'pnpm', 'yarn', 'bun'];

function isManager(name: string): name is ManagerId {
  return managerIds.some((id) => id === name);
}

/** What names a package manager outright, in order. */
export async function statements(
  context: DetectContext,
  workspace: Workspace,
): Promise<{ stated: Sign[]; findings: FindingNeed[] }> {
  const { inventory } = context;
  const { folder, manifest, rush } = workspace;
  const stated: Sign[] = [];
  const findings: FindingNeed[] = [];
  // Yarn runs the release that its configuration names, whatever version was called:
  // https://yarnpkg.com/configuration/yarnrc#yarnPath
  const release = yarnRelease(context, folder);
  if (rush !== null) append(stated, rushSigns(rush.file, rush.value));
  if (manifest !== null) {
    const sign = packageManagerField(manifest, findings);
    if (sign !== null) stated.push(sign);
    append(stated, await devEngineSigns(manifest));
    const enforced = onlyAllow(manifest);
    if (enforced !== null) stated.push(enforced);
    for (const id of ['pnpm', 'yarn', 'npm'] as const) {
      const version = pinOf(textAt(manifest, ['volta', id]) ?? '');
      if (version !== undefined)
        stated.push({ id, version, because: keyEvidence(manifest.file, ['volta', id], `${id}/volta`) });
    }
  }
  const lerna = fileIn(inventory, folder, 'lerna.json');
  if (lerna !== null) {
    const document = await parseJsonFile(lerna, { comments: true });
    const client = stringAt(document?.value, ['npmClient']);
    if (client !== null && isManager(client) && document !== null) {
      stated.push({
        id: client,
        version: null,
        because: evidence(lerna, document.line(['npmClient']), 'node/lerna'),
      });
    }
  }
  if (release !== null) {
    const isDenied = stated[0] !== undefined && stated[0].id !== 'yarn';
    if (isDenied) stated.push(release);
    else stated.unshift(release);
  }
  return { stated, findings };
}

const packageManagerText = /^(?<name>[a-z]+)@(?<version>[^+\s]+)(\+\S*)?$/i;

/** `pnpm@9.1.0+sha512.…`: https://github.com/nodejs/corepack#when-authoring-packages */
function packageManagerField(manifest: Manifest, findings: FindingNeed[]): Sign | null {
  const text = textAt(manifest, ['packageManager']);
  if (text === null) return null;
  const because = keyEvidence(manifest.file, ['packageManager'], 'node/package-manager');
  const { name = text, version } = packageManagerText.exec(text.slice(0, 512))?.groups ?? {};
  const id = name.toLowerCase();
  if (!isManager(id)) {
    if (id === 'deno') return null;
    findings.push({
      kind: 'finding',
      code: 'package-manager-unknown',
      severity: 'warning',
      message: `${manifest.file.path}:${because.line} names the package manager "${shortened(text)}", which nidify does not know`,
      hint: 'Name npm, pnpm, yarn or bun with a version: "pnpm@10.4.1".',
      because: [because],
    });
    return null;
  }
  const pin = version === undefined ? undefined : pinOf(version);
  return { id, version: pin ?? rangeText(version), because };
}

/** Corepack wants an exact version, but people write `pnpm@^9` and `pnpm@9.x` too. */
function rangeText(version: string | undefined): VersionText | null {
  if (version === undefined || version.length > 64 || !/^[\^~>=<]*\d+(\.(\d+|x|\*))*$/.test(version))
    return null;
  return { raw: version, scheme: 'semver' };
}

async function devEngineSigns(manifest: Manifest): Promise<Sign[]> {
  const signs: Sign[] = [];
  for (const id of managerIds) {
    for (const text of devEngines(manifest, 'packageManager', id)) {
      const version = text === null ? null : (pinOf(text) ?? (await rangeOf(text)) ?? null);
      const because = keyEvidence(manifest.file, ['devEngines', 'packageManager'], 'node/dev-engines');
      signs.push({ id, version, because });
    }
  }
  return signs;
}

/** `npx only-allow pnpm` before the installation: https://github.com/pnpm/only-allow */
function onlyAllow(manifest: Manifest): Sign | null {
  const script = scriptsOf(manifest).get('preinstall') ?? '';
  const id = /\bonly-allow\s+(?<id>npm|pnpm|yarn|bun)\b/.exec(script)?.groups?.id;
  if (id === undefined || !isManager(id)) return null;
  return {
    id,
    version: null,
    because: keyEvidence(manifest.file, ['scripts', 'preinstall'], 'node/only-allow'),
  };
}

function rushSigns(file: ClaimedFile, value: unknown): Sign[] {
  const signs: Sign[] = [];
  for (const id of ['pnpm', 'npm', 'yarn'] as const) {
    const version = pinOf(stringAt(value, [`${id}Version`]) ?? '');
    if (version === undefined) continue;
    const line = (file.text ?? '').split('\n').findIndex((each) => each.includes(`"${id}Version"`)) + 1;
    signs.push({ id, version, because: evidence(file, line || null, 'node/rush') });
  }
  return signs;
}

/** `yarnPath` of `.yarnrc.yml`, `yarn-path` of Yarn 1's `.yarnrc`; only where the release lies there. */
function yarnRelease(context: DetectContext, folder: string): Sign | null {
  for (const name of ['.yarnrc.yml', '.yarnrc']) {
    const file = fileIn(context.inventory, folder, name);
    for (const [at, line] of (file?.text ?? '').split(/\r?\n/).entries()) {
      const path = /^(yarnPath:|yarn-path)\s+["']?(?<path>[^"'\s#]+)/.exec(line)?.groups?.path;
      if (path === undefined || file === null) continue;
      const version = pinOf(/yarn-(?<version>\d[\w.-]*?)\.c?js$/.exec(path)?.groups?.version ?? '');
      if (!hasPath(context.inventory, join(folder, path.replace(/^\.\//, '')))) return null;
      return { id: 'yarn', version: version ?? null, because: evidence(file, at + 1, 'yarn/yarn-path') };
    }
  }
  return null;
}

/** What only one package manager reads, or a range that names it. */
export async function hintsOf(context: DetectContext, { folder, manifest }: Workspace): Promise<Sign[]> {
  const { inventory } = context;
  const signs: Sign[] = [];
  // Corepack looks upwards for the nearest manifest that names one; a lock file of one's own is nearer still.
  for (const above of manifestsAbove(context, folder)) {
    if (textAt(above, ['packageManager']) === null) continue;
    const sign = above.folder === folder ? null : packageManagerField(above, []);
    if (sign !== null) signs.push(sign);
    break;
  }
  for (const [name, id] of [
    ['pnpm-workspace.yaml', 'pnpm'],
    ['.yarnrc.yml', 'yarn'],
    ['bunfig.toml', 'bun'],
    ['.yarnrc', 'yarn'],
  ] as const) {
    const file = fileIn(inventory, folder, name);
    if (file !== null) signs.push({ id, version: null, because: presence(file.path, `node/${name}`) });
  }
  if (manifest !== null) {
    for (const id of ['pnpm', 'yarn', 'bun'] as const) {
      const text = textAt(manifest, ['engines', id]);
      const version = text === null ? undefined : await rangeOf(text);
      if (version === undefined) continue;
      signs.push({ id, version, because: keyEvidence(manifest.file, ['engines', id], `${id}/engines`) });
    }
  }
  if (manifest !== null) append(signs, bunSigns(manifest));
  for (const id of ['pnpm', 'yarn', 'bun'] as const) {
    for (const { raw, scheme, because } of await versionFileRequests(inventory, folder, [id])) {
      signs.push({ id, version: { raw, scheme }, because });
    }
  }
  return signs;
}

/** Bun's types, as `bun init` adds them, or scripts that call Bun and no other. */
function bunSigns(manifest: Manifest): Sign[] {
  const direct = dependenciesOf(manifest);
  const types = ['@types/bun', 'bun-types'].find((name) => direct.has(name));
  if (types !== undefined) {
    const field = direct.get(types)?.field ?? 'devDependencies';
    return [{ id: 'bun', version: null, because: keyEvidence(manifest.file, [field, types], 'bun/types') }];
  }
  const programs = programsOf(manifest);
  const script = programs.get('bun') ?? programs.get('bunx');
  if (script === undefined || ['npm', 'npx', 'pnpm', 'yarn', 'node'].some((name) => programs.has(name)))
    return [];
  return [
    { id: 'bun', version: null, because: keyEvidence(manifest.file, ['scripts', script], 'bun/script') },
  ];
}
