import { randomBytes } from 'node:crypto';
import { readlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import canaryText from '../../nix/canary.nix';
import { ExitCode, NidifyError } from '../errors.ts';
import type { Input, System } from '../plan/schema.ts';
import { temporaryFolder } from '../temporary.ts';
import { namespacesHint, nixFailure } from './failure.ts';
import { nixLog } from './log.ts';
import { type NixSettings, nix } from './nix.ts';

/** What the canary showed. */
export interface Proof {
  /** The canary was built: no host file, no host folder, no host network, namespaces of its own. */
  sandbox: 'held';
  /**
   * Whether the bait works, so that not finding it means something:
   * - `refused`: with the sandbox off the canary found it, as it must
   * - `reached`: the caller cannot turn the sandbox off; a build that may use the network reached the bait
   * - `inconclusive`: neither could be tried
   */
  control: 'refused' | 'reached' | 'inconclusive';
  /** What the control found with the sandbox off. */
  controlFound: string[];
}

/** Namespaces that a sandboxed build must not share with this process; `user` depends on how Nix was set up. */
const kinds = ['mnt', 'pid', 'net', 'ipc', 'uts'];

/**
 * Proves that builds of this machine are sandboxed, by trying to break out with a bait of this run.
 *
 * @param input the nixpkgs whose shell the canary runs
 * @throws NidifyError `sandbox-missing` (exit 6) with the reason and the fix; whatever else keeps Nix from building
 */
export async function prove(input: Input, system: System, settings: NixSettings): Promise<Proof> {
  const folder = temporaryFolder('nidify-canary-');
  const server = createServer((socket) => socket.destroy());
  try {
    const file = path.join(folder.directory, 'bait');
    writeFileSync(file, randomBytes(16).toString('hex'));
    const expression = path.join(folder.directory, 'canary.nix');
    writeFileSync(expression, canaryText);
    const request = {
      system,
      rev: input.rev,
      narHash: input.narHash,
      file,
      port: await listen(server),
      namespaces: ownNamespaces(),
    };
    const attempt = async (attribute: 'canary' | 'reach', options: Record<string, string> = {}) => {
      const log = nixLog();
      const nonce = randomBytes(16).toString('hex');
      const { exitCode } = await nix(
        [
          ...['build', '--no-link', '--log-format', 'internal-json', '--file', expression, attribute],
          ...['--argstr', 'request', JSON.stringify({ ...request, nonce })],
        ],
        settings,
        { cwd: folder.directory, options, onErrorLine: log.line },
      );
      const found = [...log.builderTail(), ...log.errors()].flatMap(leaksIn);
      return { log, isBuilt: exitCode === 0, found: [...new Set(found)].sort() };
    };

    const { isBuilt, found, log } = await attempt('canary');
    if (found.length > 0) throw leaky(found, settings);
    if (!isBuilt) throw nixFailure('proving the sandbox', log);

    const off = await attempt('canary', { sandbox: 'false' });
    if (off.found.length > 0) {
      // What kinds of things, not which: the names of this machine's folders are nobody's business.
      const kindsFound = [...new Set(off.found.map((leak) => leak.split(':')[0] ?? leak))];
      return { sandbox: 'held', control: 'refused', controlFound: kindsFound };
    }
    const { isBuilt: isReached } = await attempt('reach');
    return { sandbox: 'held', control: isReached ? 'reached' : 'inconclusive', controlFound: [] };
  } finally {
    server.close();
    folder.remove();
  }
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
  'host-folder': 'folders of this machine',
  'host-namespace': 'a namespace of this machine',
};

/** The sandbox is off although nidify asked for it, or has a hole. */
function leaky(found: readonly string[], { store }: NixSettings): NidifyError {
  const isOff = found.includes('host-file') && found.includes('host-network');
  const folders = found.flatMap((leak) => (leak.startsWith('host-folder:') ? leak.slice(12).split(':') : []));
  const seen = found.map((leak) => {
    const [kind = '', ...details] = leak.split(':');
    return `${leakWords[kind] ?? kind}${details.length === 0 ? '' : ` (${details.join(', ')})`}`;
  });
  const daemon =
    'Write `sandbox = true` and `sandbox-fallback = false` into the nix.conf of the Nix daemon and restart it.';
  const paths = `Take ${folders.join(', ') || 'what builds must not see'} out of \`sandbox-paths\` and \`extra-sandbox-paths\` in nix.conf.`;
  return new NidifyError({
    code: 'sandbox-missing',
    message: `builds are not sandboxed: a builder saw ${seen.join(', ')}`,
    hint: isOff ? `${store === null ? daemon : ''} ${namespacesHint()}`.trim() : paths,
    exitCode: ExitCode.refused,
  });
}
