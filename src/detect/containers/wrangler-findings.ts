/** What the containers of a Worker need, by the version of wrangler and by their Dockerfiles. */
import type { ParsedDocument } from '../../parse/document.ts';
import { type Path, stringAt, stringsAt, valueAt } from '../../parse/value.ts';
import type { Evidence, Severity } from '../../plan/schema.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import type { FindingNeed } from '../types.ts';
import { finalChain, stagesOf } from './dockerfile.ts';

export interface ImageOfWorker {
  dockerfile: ClaimedFile;
  /** Where the configuration names it. */
  because: Evidence;
}

interface Configured {
  file: ClaimedFile;
  document: ParsedDocument;
  version: string | null;
  /** Where `containers` stand. */
  places: readonly Path[];
  images: readonly ImageOfWorker[];
  sandbox: Evidence | null;
}

export function wranglerFindings(configured: Configured): FindingNeed[] {
  const { images, sandbox } = configured;
  return [
    ...images.flatMap(dockerfileFindings),
    ...versionFindings(configured),
    ...engineFindings(configured),
    ...(sandbox === null
      ? []
      : [
          finding(
            'cloudflare-sandbox-sdk',
            'info',
            'the containers are those of the Sandbox SDK: their image brings the server that it talks to',
            'Base the Dockerfile on the image docker.io/cloudflare/sandbox of the same version as the package, and keep its entry point.',
            [sandbox],
          ),
        ]),
  ];
}

function dockerfileFindings({ dockerfile, because }: ImageOfWorker): FindingNeed[] {
  const chain = finalChain(stagesOf(dockerfile));
  const last = chain[0];
  const base = chain.at(-1);
  if (last === undefined || base === undefined) return [];
  const findings: FindingNeed[] = [];
  const pinned = chain.find(({ platform }) => platform !== null && /^(linux\/)?(arm|aarch64)/.test(platform));
  if (pinned !== undefined) {
    findings.push(
      finding(
        'container-platform',
        'warning',
        `${dockerfile.path}:${pinned.line} pins ${pinned.platform}, but Cloudflare runs linux/amd64 only`,
        'Leave --platform out, or say linux/amd64.',
        [evidence(dockerfile, pinned.line, 'containers/platform'), because],
      ),
    );
  }
  if (!chain.some(({ exposes }) => exposes)) {
    const isInherited = base.base.toLowerCase() !== 'scratch';
    findings.push(
      finding(
        'container-without-expose',
        'warning',
        `${dockerfile.path} exposes no port${isInherited ? ` (unless ${base.base} does)` : ''}: wrangler dev cannot reach its container`,
        'Add EXPOSE with the port that the application listens on.',
        [evidence(dockerfile, last.line, 'containers/expose'), because],
      ),
    );
  }
  return findings;
}

/** Where a version of wrangler needs more of an engine than the one before. Ranges: first to last, inclusive. */
const versionNeeds: readonly {
  from: readonly [number, number];
  to: readonly [number, number];
  code: string;
  severity: Severity;
  message: string;
  hint: string;
}[] = [
  {
    from: [4, 68],
    to: [4, 69],
    code: 'wrangler-ipv6-network',
    severity: 'warning',
    message: 'makes an IPv6 network for containers, which an engine without IPv6 address pools refuses',
    hint: 'Use wrangler 4.67 or older, 4.70 or newer, or an engine of Docker 27 or newer.',
  },
  {
    from: [4, 70],
    to: [4, 9999],
    code: 'wrangler-sidecar-image',
    severity: 'info',
    message: 'pulls an image of its own (cloudflare/proxy-everything) before it starts a container',
    hint: 'Without the registry, name a local image by MINIFLARE_CONTAINER_EGRESS_IMAGE.',
  },
];

function versionFindings({ file, document, version, places }: Configured): FindingNeed[] {
  const [major, minor] = (version ?? '').split('.').map(Number);
  const path = places[0];
  if (major === undefined || minor === undefined || path === undefined) return [];
  const because = [evidence(file, document.line(path), 'containers/wrangler')];
  const isWithin = ([fromMajor, fromMinor]: readonly [number, number], to: readonly [number, number]) =>
    (major > fromMajor || (major === fromMajor && minor >= fromMinor)) &&
    (major < to[0] || (major === to[0] && minor <= to[1]));
  const found = versionNeeds
    .filter(({ from, to }) => isWithin(from, to))
    .map(({ code, severity, message, hint }) =>
      finding(code, severity, `wrangler ${version} ${message}`, hint, because),
    );
  if (!isWithin([4, 70], [4, 9999]) || hasOwnProcesses(document.value, path)) return found;
  return [
    ...found,
    finding(
      'wrangler-host-processes',
      'warning',
      `wrangler ${version} starts containers in the process namespace of the host, which a rootless engine refuses`,
      'Add the compatibility flag "containers_pid_namespace", or set compatibility_date to 2026-04-01 or later.',
      because,
    ),
  ];
}

/** Since this date containers have a process namespace of their own. */
const ownProcessesSince = '2026-04-01';

function hasOwnProcesses(value: unknown, path: Path): boolean {
  // What an environment does not say is inherited.
  const scopes: Path[] = [path.slice(0, -1), []];
  const date = scopes
    .map((scope) => dateAt(value, [...scope, 'compatibility_date']))
    .find((each) => each !== null);
  const flags = scopes
    .map((scope) => [...scope, 'compatibility_flags'])
    .find((each) => Array.isArray(valueAt(value, each)));
  const given = flags === undefined ? [] : stringsAt(value, flags);
  if (given.includes('containers_pid_namespace')) return true;
  return !given.includes('no_containers_pid_namespace') && (date ?? '') >= ownProcessesSince;
}

/** TOML has dates of its own. */
function dateAt(value: unknown, path: Path): string | null {
  const found = valueAt(value, path);
  return found instanceof Date && !Number.isNaN(found.getTime())
    ? found.toISOString().slice(0, 10)
    : stringAt(value, path);
}

function engineFindings({ file, document }: Configured): FindingNeed[] {
  const path = ['dev', 'container_engine'];
  if (valueAt(document.value, path) === undefined) return [];
  return [
    finding(
      'wrangler-container-engine',
      'info',
      `${file.path} names a container engine: it is used for running, but images are built by the engine of DOCKER_HOST`,
      'Leave "dev.container_engine" out and set DOCKER_HOST, which both use.',
      [evidence(file, document.line(path), 'containers/wrangler-engine')],
    ),
  ];
}

function finding(
  code: string,
  severity: Severity,
  message: string,
  hint: string,
  because: readonly Evidence[],
): FindingNeed {
  return { kind: 'finding', code, severity, message, hint, because: [...because] };
}
