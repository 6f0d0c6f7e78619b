/** What Nix on this machine can do. */
import path from 'node:path';
import type { Proof } from '../build/canary.ts';
import { buildsElsewhere } from '../build/daemon.ts';
import { nixFailure } from '../build/failure.ts';
import { nixLog } from '../build/log.ts';
import { minimumNixOf, type NixSettings, nix, nixConfiguration, nixVersion } from '../build/nix.ts';
import { localRootOf } from '../build/store-place.ts';
import { NidifyError } from '../errors.ts';
import { valueAt } from '../parse/value.ts';
import type { Plan } from '../plan/schema.ts';
import { withoutPassword } from '../text/address.ts';
import { byNumbers } from '../text/numbers.ts';
import { nearestOf } from './machine.ts';
import type { Probe } from './probe.ts';
import { type Check, limited, missing, ok } from './types.ts';

/** The oldest Nix that today's nixpkgs evaluates with, where no plan says it. */
const usualMinimum = '2.18';
const noBuilds = 'Environments can be generated, not built or entered.';

/** The program; null for the version where there is none to go on with. */
export async function program(
  plan: Plan | null,
  settings: NixSettings,
): Promise<{ check: Check; version: string | null }> {
  try {
    const version = await nixVersion('0', settings, '/');
    return { check: versionCheck(version, plan), version };
  } catch (error) {
    if (!(error instanceof NidifyError)) throw error;
    return { check: missing('nix', error.message, noBuilds, error.hint ?? ''), version: null };
  }
}

/** Whether a version is new enough for a plan's pins; without a plan, for today's nixpkgs. */
export function versionCheck(version: string, plan: Plan | null): Check {
  const minimum = (plan === null ? null : minimumNixOf(plan)) ?? usualMinimum;
  if (byNumbers(version, minimum) >= 0) return ok('nix', `Nix ${version}`);
  return missing(
    'nix',
    `Nix ${version}`,
    `${plan === null ? "Today's" : 'The pinned'} nixpkgs needs ${minimum} or newer.`,
    'A newer one: `nix upgrade-nix`, or https://nixos.org/download.',
  );
}

/** The store, its build users, and the caches, as Nix itself has them configured. */
export async function configuration(settings: NixSettings, probe: Probe): Promise<Check[]> {
  const read = await nixConfiguration(settings, '/');
  const isElsewhere = buildsElsewhere(settings);
  const place = isElsewhere ? await answers(settings) : storeCheck(settings, probe);
  return [place, ...settingChecks(read, isElsewhere, probe)];
}

/** What can be said of Nix's settings, given as it prints them; null where it does not. */
export function settingChecks(config: unknown, isElsewhere: boolean, probe: Probe): Check[] {
  if (config === null) {
    return [
      limited(
        'configuration',
        'Nix does not tell it',
        'Caches and build users are not known.',
        'Look at nix.conf.',
      ),
    ];
  }
  const setting = (name: string) => valueAt(config, [name, 'value']);
  return [
    isElsewhere ? ok('build-users', 'not needed here') : buildUsers(setting('build-users-group'), probe),
    caches(setting('substituters')),
  ];
}

/** A daemon, or a store at an address: whether it is there. */
async function answers(settings: NixSettings): Promise<Check> {
  const log = nixLog();
  const name = settings.store === null ? 'through the daemon' : withoutPassword(settings.store);
  const args = ['store', 'ping', '--log-format', 'internal-json'];
  const { exitCode } = await nix(args, settings, { cwd: '/', onErrorLine: log.line });
  if (exitCode === 0) return ok('store', name);
  const { message, hint } = nixFailure('asking the store', log);
  return missing('store', `${name}: ${message}`, noBuilds, hint ?? '');
}

/** A store of this process's: its state must be writable. The folder `store` itself Nix makes so. */
export function storeCheck({ store }: Pick<NixSettings, 'store'>, { canWrite, exists }: Probe): Check {
  const root = (store === null ? null : localRootOf(store)) ?? '/';
  const state = path.join(root, 'nix/var/nix');
  const place = path.join(root, 'nix');
  if (canWrite(nearestOf(state, exists))) return ok('store', `${place}, writable`);
  return missing(
    'store',
    `${place} cannot be written, and no daemon answers`,
    noBuilds,
    'Start the daemon, own /nix, or take a store of your own: `--store DIR`.',
  );
}

function buildUsers(group: unknown, { user, read }: Probe): Check {
  const id = 'build-users';
  if (user.id !== 0) return ok(id, 'not needed here');
  if (typeof group !== 'string' || group === '')
    return ok(id, 'none: builds run as the one user of a namespace');
  const row = (read('/etc/group') ?? '').split('\n').find((line) => line.startsWith(`${group}:`));
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
  const list = (Array.isArray(value) ? value : []).map((each) => withoutPassword(String(each)));
  if (list.length > 0) return ok('caches', list.join(', '));
  return limited(
    'caches',
    'none',
    'Everything is compiled.',
    'Write `substituters = https://cache.nixos.org` into nix.conf.',
  );
}

const sandboxConsequence = 'Nothing is built: an environment without a sandbox is not one to trust.';

/** Why the sandbox was not tried: silence would look like an answer. */
export function sandboxNotTried(why: string, fix: string): Check {
  return limited('sandbox', `not tried: ${why}`, 'Whether it holds is not known.', fix);
}

/** The sandbox, tried: of this machine, and of each remote builder. */
export async function sandbox(plan: Plan, settings: NixSettings): Promise<Check[]> {
  const [input] = plan.nixpkgs;
  if (input === undefined) return [sandboxNotTried('there is no nixpkgs to try it with', nameOne)];
  try {
    const [{ prove }, { systemOf }] = await Promise.all([
      import('../build/canary.ts'),
      import('../build/build.ts'),
    ]);
    return proofChecks(await prove(input, systemOf(plan), settings));
  } catch (error) {
    if (!(error instanceof NidifyError)) throw error;
    return [missing('sandbox', error.message, sandboxConsequence, error.hint ?? '')];
  }
}

export const nameOne = 'Start it in a repository, or name one with -C.';

/** What a proof means for the machine and for its builders. */
export function proofChecks({ here, control, builders }: Proof): Check[] {
  const own = here
    ? ok('sandbox', `holds (control: ${control})`)
    : ok('sandbox', 'nothing is built on this machine (max-jobs = 0); see its builders');
  if (builders.length === 0) return [own];
  const found = builders
    .map(
      (each) =>
        `${each.builder}: ${each.sandbox === 'held' ? `holds (control: ${each.control})` : each.reason}`,
    )
    .join(', ');
  if (builders.every((each) => each.sandbox === 'held')) return [own, ok('builders', found)];
  return [
    own,
    limited(
      'builders',
      found,
      'Nothing is sent to a builder whose sandbox could not be tried.',
      'See that it answers (`nix store ping --store ADDRESS`), or take it out of `builders`.',
    ),
  ];
}
