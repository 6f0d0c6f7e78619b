/** What Nix on this machine can do. */
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { buildsElsewhere } from '../build/daemon.ts';
import { type NixSettings, nix, nixVersion } from '../build/nix.ts';
import { NidifyError } from '../errors.ts';
import { valueAt } from '../parse/value.ts';
import type { Plan } from '../plan/schema.ts';
import { byNumbers } from '../text/numbers.ts';
import { textOf } from './machine.ts';
import { type Check, limited, missing, ok } from './types.ts';

/** The oldest Nix that today's nixpkgs evaluates with, where no plan says it. */
const usualMinimum = '2.18';
const noBuilds = 'Environments can be generated, not built or entered.';

/** The program; null for the version where there is none to go on with. */
export async function program(
  plan: Plan | null,
  settings: NixSettings,
): Promise<{ check: Check; version: string | null }> {
  const minimum =
    plan?.nixpkgs
      .map(({ minimumNix }) => minimumNix)
      .sort(byNumbers)
      .at(-1) ?? usualMinimum;
  try {
    const version = await nixVersion('0', settings, '/');
    const check =
      byNumbers(version, minimum) < 0
        ? missing(
            'nix',
            `Nix ${version}`,
            `The pinned nixpkgs needs ${minimum} or newer.`,
            'A newer one: `nix upgrade-nix`, or https://nixos.org/download.',
          )
        : ok('nix', `Nix ${version}`);
    return { check, version };
  } catch (error) {
    if (!(error instanceof NidifyError)) throw error;
    return { check: missing('nix', error.message, noBuilds, error.hint ?? ''), version: null };
  }
}

/** The store, its build users, and the caches, as Nix itself has them configured. */
export async function configuration(settings: NixSettings): Promise<Check[]> {
  const { exitCode, stdout } = await nix(['show-config', '--json'], settings, { cwd: '/' });
  let read: unknown = null;
  try {
    if (exitCode === 0) read = JSON.parse(stdout.toString('utf8'));
  } catch {
    // told below
  }
  if (read === null) {
    return [
      limited(
        'configuration',
        'Nix does not tell it',
        'Caches and build users are not known.',
        'Look at nix.conf.',
      ),
    ];
  }
  const setting = (name: string) => valueAt(read, [name, 'value']);
  return [
    store(settings),
    buildUsers(setting('build-users-group'), settings),
    caches(setting('substituters')),
  ];
}

function store(settings: NixSettings): Check {
  if (buildsElsewhere(settings)) return ok('store', settings.store ?? 'through the daemon');
  const folder = settings.store ?? '/nix';
  const place = path.isAbsolute(folder) ? folder : '/nix';
  if (isWritable(place) || isWritable(path.dirname(place))) return ok('store', `${place}, writable`);
  return missing(
    'store',
    `${place} cannot be written, and no daemon answers`,
    noBuilds,
    'Start the daemon, own /nix, or take a store of your own: `--store DIR`.',
  );
}

function buildUsers(group: unknown, settings: NixSettings): Check {
  const id = 'build-users';
  if (buildsElsewhere(settings) || process.getuid?.() !== 0) return ok(id, 'not needed here');
  if (typeof group !== 'string' || group === '')
    return ok(id, 'none: builds run as the one user of a namespace');
  const row = (textOf('/etc/group') ?? '').split('\n').find((line) => line.startsWith(`${group}:`));
  const members = (row?.split(':')[3] ?? '').split(',').filter((name) => name !== '');
  if (members.length > 0) return ok(id, `${members.length} in ${group}`);
  return missing(
    id,
    row === undefined ? `there is no group ${group}` : `${group} has no members`,
    'Root cannot build.',
    'Create the group and its users, or write `build-users-group =` into nix.conf where root alone builds.',
  );
}

function caches(value: unknown): Check {
  const list = (Array.isArray(value) ? value : []).map((each) => String(each).replace(/\/\/[^@/]*@/, '//'));
  if (list.length > 0) return ok('caches', list.join(', '));
  return limited(
    'caches',
    'none',
    'Everything is compiled.',
    'Write `substituters = https://cache.nixos.org` into nix.conf.',
  );
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The sandbox, tried. */
export async function sandbox(plan: Plan, settings: NixSettings): Promise<Check> {
  const [input] = plan.nixpkgs;
  const consequence = 'Nothing is built: an environment without a sandbox is not one to trust.';
  if (input === undefined)
    return limited(
      'sandbox',
      'not tried: there is no plan',
      'It is not known.',
      'Name a repository with -C.',
    );
  try {
    const [{ prove }, { systemOf }] = await Promise.all([
      import('../build/canary.ts'),
      import('../build/build.ts'),
    ]);
    const proof = await prove(input, systemOf(plan), settings);
    return ok('sandbox', `holds (control: ${proof.control})`);
  } catch (error) {
    if (!(error instanceof NidifyError)) throw error;
    return missing('sandbox', error.message, consequence, error.hint ?? '');
  }
}
