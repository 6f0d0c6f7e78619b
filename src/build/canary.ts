import { randomBytes } from 'node:crypto';
import { readlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import canaryText from '../../nix/canary.nix';
import { ExitCode, NidifyError } from '../errors.ts';
import type { Input, System } from '../plan/schema.ts';
import { temporaryFolder } from '../temporary.ts';
import { withoutPassword } from '../text/address.ts';
import { type Builder, buildersFor, configuredBuilders } from './builders.ts';
import { namespacesHint, nixFailure } from './failure.ts';
import { type NixLog, nixLog } from './log.ts';
import { type NixSettings, nix } from './nix.ts';

/** What the canary showed. */
export interface Proof {
  /** The canary was built: no host file, no host folder, no host network, namespaces of its own. */
  sandbox: 'held';
  /** On this machine; false where nothing is built on it, and all that was proved is in `builders`. */
  here: boolean;
  /**
   * Whether the bait works, so that not finding it means something:
   * - `refused`: with the sandbox off the canary found it, as it must
   * - `reached`: the caller cannot turn the sandbox off; a build that may use the network reached the bait
   * - `inconclusive`: neither could be tried
   */
  control: 'refused' | 'reached' | 'inconclusive';
  /** What the control found with the sandbox off. */
  controlFound: string[];
  /** The remote builders for this system, each with what a canary on it showed. */
  builders: BuilderProof[];
}

/** What is known of a remote builder. */
export interface BuilderProof {
  /** As Nix names it in its log, and the statement with it; as the configuration has it where none was built. */
  builder: string;
  /** `held`: a canary was built there. It sees no file and no port of this machine, so it looks for folders and routes. */
  sandbox: 'held' | 'unproved';
  /** `reached`: a build that may use the network saw the routes there, so that not seeing them means something. */
  control: 'reached' | 'inconclusive';
  /** Why it is unproved. */
  reason: string | null;
  /** Its line in the configuration; null where only a daemon knows it. */
  line: string | null;
}

/** Namespaces that a sandboxed build must not share with this process; `user` depends on how Nix was set up. */
const kinds = ['mnt', 'pid', 'net', 'ipc', 'uts'];
/** A builder that does not answer must not hold up a build for as long as the build may take. */
const builderTimeoutMs = 180_000;

/**
 * Proves that builds are sandboxed, by trying to break out with a bait of this run: on this machine, and on
 * each remote builder that Nix may use for the system.
 *
 * @param input the nixpkgs whose shell the canary runs
 * @throws NidifyError `sandbox-missing` (exit 6) with the reason and the fix; `builders-unproved` (6) where this
 *   machine builds nothing itself and no builder could be tried; whatever else keeps Nix from building
 */
export async function prove(input: Input, system: System, settings: NixSettings): Promise<Proof> {
  const folder = temporaryFolder('nidify-canary-');
  const server = createServer((socket) => socket.destroy());
  try {
    const file = path.join(folder.directory, 'bait');
    writeFileSync(file, randomBytes(16).toString('hex'));
    const expression = path.join(folder.directory, 'canary.nix');
    writeFileSync(expression, canaryText);
    const { rev, narHash } = input;
    const request = { system, rev, narHash, file, port: await listen(server), namespaces: ownNamespaces() };
    const attempt: Attempt = async (attribute, where, how = {}) => {
      const log = nixLog();
      const nonce = randomBytes(16).toString('hex');
      const { exitCode } = await nix(
        [
          ...['build', '--no-link', '--log-format', 'internal-json', '--file', expression, attribute],
          ...['--argstr', 'request', JSON.stringify({ ...request, ...where, nonce })],
        ],
        { ...settings, timeoutMs: how.timeoutMs ?? settings.timeoutMs },
        { cwd: folder.directory, options: how.options ?? {}, onErrorLine: log.line },
      );
      const found = [...log.builderTail(), ...log.errors()].flatMap(leaksIn);
      return { log, isBuilt: exitCode === 0, found: [...new Set(found)].sort(), machine: machineIn(log) };
    };

    const { builders, localJobs } = await configuredBuilders(settings, folder.directory);
    const remote = buildersFor(builders, system);
    const here = localJobs === 0 && remote.length > 0 ? null : await proveHere(attempt, settings);
    const proofs: BuilderProof[] = here === null || here.machine === null ? [] : [here.machine];
    for (const builder of remote) proofs.push(await proveOn(builder, attempt));
    if (here === null || here.machine !== null) return elsewhere(proofs);
    const { control, controlFound } = here;
    return { sandbox: 'held', here: true, control, controlFound, builders: proofs };
  } finally {
    server.close();
    folder.remove();
  }
}

interface Attempted {
  log: NixLog;
  isBuilt: boolean;
  /** What it saw. */
  found: string[];
  /** The builder that it was built on; null for this machine. */
  machine: string | null;
}

type Attempt = (
  attribute: 'canary' | 'reach',
  where: { remote: boolean; features: readonly string[] },
  how?: { options?: Record<string, string>; timeoutMs?: number },
) => Promise<Attempted>;

interface Here extends Pick<Proof, 'control' | 'controlFound'> {
  /** A daemon has it built elsewhere, whatever the caller asks for. */
  machine: BuilderProof | null;
}

async function proveHere(attempt: Attempt, settings: NixSettings): Promise<Here> {
  const where = { remote: false, features: [] };
  const options = { builders: '', 'max-jobs': '1' };
  const { isBuilt, found, log, machine } = await attempt('canary', where, { options });
  if (found.length > 0) throw leaky(found, settings, machine);
  if (!isBuilt) throw nixFailure('proving the sandbox', log);
  if (machine !== null) {
    const reach = await attempt('reach', { ...where, remote: true }, { options });
    const control = reach.isBuilt && reach.machine === machine ? 'reached' : 'inconclusive';
    const shown: BuilderProof = {
      builder: withoutPassword(machine),
      sandbox: 'held',
      control,
      reason: null,
      line: null,
    };
    return { control, controlFound: [], machine: shown };
  }
  const off = await attempt('canary', where, { options: { ...options, sandbox: 'false' } });
  if (off.found.length > 0) {
    // What kinds of things, not which: the names of this machine's folders are nobody's business.
    const kindsFound = [...new Set(off.found.map((leak) => leak.split(':')[0] ?? leak))];
    return { control: 'refused', controlFound: kindsFound, machine: null };
  }
  const { isBuilt: isReached } = await attempt('reach', where, { options });
  return { control: isReached ? 'reached' : 'inconclusive', controlFound: [], machine: null };
}

/** A canary on one builder: Nix is left no other choice, and its log must say that it went there. */
async function proveOn(builder: Builder, attempt: Attempt): Promise<BuilderProof> {
  const where = { remote: true, features: builder.mandatoryFeatures };
  const how = { options: { builders: builder.line, 'max-jobs': '0' }, timeoutMs: builderTimeoutMs };
  const unproved = (reason: string): BuilderProof => ({
    builder: withoutPassword(builder.store),
    sandbox: 'unproved',
    control: 'inconclusive',
    reason: withoutPassword(reason),
    line: builder.line,
  });
  let tried: Attempted;
  try {
    tried = await attempt('canary', where, how);
  } catch (error) {
    if (!(error instanceof NidifyError) || error.code !== 'build-timed-out') throw error;
    return unproved(`it did not answer within ${builderTimeoutMs / 1000} s`);
  }
  const { isBuilt, found, log, machine } = tried;
  if (found.length > 0) throw leaky(found, null, machine ?? builder.store);
  if (!isBuilt) return unproved(reasonIn(log));
  if (machine === null) return unproved('the Nix daemon decides by itself where a canary is built');
  const reach = await attempt('reach', where, how);
  const control = reach.isBuilt && reach.machine === machine ? 'reached' : 'inconclusive';
  return { builder: withoutPassword(machine), sandbox: 'held', control, reason: null, line: builder.line };
}

/** Where this machine builds nothing itself: what its builders show is all. */
function elsewhere(builders: BuilderProof[]): Proof {
  const held = builders.filter(({ sandbox }) => sandbox === 'held');
  if (held.length === 0) {
    throw new NidifyError({
      code: 'builders-unproved',
      message: [
        'this machine builds nothing itself (max-jobs = 0), and no builder could be tried:',
        ...builders.map(({ builder, reason }) => `${builder}: ${reason}`),
      ].join('\n'),
      hint: 'See that the builders answer (`nix store ping --store ADDRESS`), or allow builds here: `max-jobs` in nix.conf.',
      exitCode: ExitCode.refused,
    });
  }
  const control = held.every((each) => each.control === 'reached') ? 'reached' : 'inconclusive';
  return { sandbox: 'held', here: false, control, controlFound: [], builders };
}

function machineIn(log: NixLog): string | null {
  const canaries = log
    .origins()
    .flatMap((origin) =>
      origin.kind === 'built' && /-nidify-canary(-reach)?\.drv$/.test(origin.derivation)
        ? [origin.machine]
        : [],
    );
  return canaries.at(-1) ?? null;
}

/** Why Nix did not build on a builder, in one line. */
function reasonIn(log: NixLog): string {
  const lines = [...log.errors(), ...log.warnings()].map((line) => line.trim());
  const said =
    lines.find((line) => /cannot build on|cannot open connection|ssh:/i.test(line)) ??
    lines.find((line) => /error/i.test(line)) ??
    'Nix does not say why';
  return said.slice(0, 300);
}

function leaksIn(line: string): string[] {
  const leak = /nidify-canary: (host-[a-z]+(?::.+)?)/.exec(line)?.[1];
  return leak === undefined ? [] : [leak];
}

function ownNamespaces(): string {
  return kinds
    .flatMap((kind) => {
      try {
        return [readlinkSync(`/proc/self/ns/${kind}`)];
      } catch {
        return [];
      }
    })
    .join(' ');
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('no port'));
      else resolve(address.port);
    });
  });
}

const leakWords: Record<string, string> = {
  'host-file': 'a file of this machine',
  'host-network': 'the network of this machine',
  'host-routes': 'the routes of a network',
  'host-folder': 'folders of this machine',
  'host-namespace': 'a namespace of this machine',
};

/**
 * The sandbox is off although nidify asked for it, or has a hole.
 *
 * @param settings of this machine's own Nix; null for a builder
 */
function leaky(found: readonly string[], settings: NixSettings | null, machine: string | null): NidifyError {
  const isOff = found.includes('host-routes') || found.includes('host-network');
  const folders = found.flatMap((leak) => (leak.startsWith('host-folder:') ? leak.slice(12).split(':') : []));
  const seen = found.map((leak) => {
    const [kind = '', ...details] = leak.split(':');
    return `${leakWords[kind] ?? kind}${details.length === 0 ? '' : ` (${details.join(', ')})`}`;
  });
  const daemon =
    'Write `sandbox = true` and `sandbox-fallback = false` into the nix.conf of the Nix daemon and restart it.';
  const where = machine === null ? '' : ` on the builder ${withoutPassword(machine)}`;
  const whose = machine === null ? '' : 'On the builder: ';
  const namespaces = machine === null ? namespacesHint() : '';
  const isDaemon = machine !== null || settings?.store == null;
  const paths = `Take ${folders.join(', ') || 'what builds must not see'} out of \`sandbox-paths\` and \`extra-sandbox-paths\` in nix.conf.`;
  return new NidifyError({
    code: 'sandbox-missing',
    message: `builds are not sandboxed${where}: a builder saw ${seen.join(', ')}`,
    hint: `${whose}${isOff ? `${isDaemon ? daemon : ''} ${namespaces}`.trim() : paths}`,
    exitCode: ExitCode.refused,
  });
}
