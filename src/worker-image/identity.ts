/** What a worker image is called, and what decides whether it is another one. Everything here is pure. */
import { createHash } from 'node:crypto';
import type { Plan } from '../plan/schema.ts';

/** Changes when an image of the same plan is put together otherwise. */
const formatVersion = 2;

/** Hexadecimal digits of a digest that stand in a tag: as many as of a commit. */
const tagDigits = 12;

/** Repository of the registry's, when nobody gives it a name. */
export const defaultPrefix = 'snapshot';

/** The part of a Git remote that says which repository it is. */
const scpForm = /^(?:[\w.-]+@)?(?<host>[\w.-]+|\[[0-9A-Fa-f:.]+\]):(?!\/\/)(?<path>[^\s]+)$/;

/**
 * One spelling for all addresses of a repository: `host/path`, without scheme, user, password, default port, query,
 * `.git` and slashes at the end. The host is in lower case; the path is left as it is, since servers tell its case
 * apart.
 *
 * @param url as Git takes it: `https://`, `ssh://`, `git@host:path`, `file://`, or a folder
 */
export function normalizedUrl(url: string): string {
  const trimmed = url.trim();
  if (URL.canParse(trimmed) && /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed)) {
    const { protocol, hostname, port, pathname } = new URL(trimmed);
    // Of https and http, URL leaves the default port out itself.
    const isDefault = port === '' || (protocol === 'ssh:' && port === '22');
    return `${hostname.toLowerCase()}${isDefault ? '' : `:${port}`}${tidyPath(pathname)}`;
  }
  const groups = scpForm.exec(trimmed)?.groups;
  if (groups?.host !== undefined && groups.path !== undefined) {
    return `${groups.host.toLowerCase()}${tidyPath(`/${groups.path.replace(/^\/+/, '')}`)}`;
  }
  return tidyPath(trimmed);
}

function tidyPath(path: string): string {
  return path
    .replace(/\/{2,}/g, '/')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .replace(/\/+$/, '');
}

/** SHA-256 of the normalised address, in hexadecimal; of the project's name where there is no remote. */
export function repositoryHash(plan: Plan): string {
  const url = plan.repository.source?.url ?? null;
  return sha256(url === null ? `name:${plan.repository.name}` : normalizedUrl(url));
}

/** What the environment's layers are made of, besides the plan. */
export interface EnvironmentIdentity {
  /** `x86_64-linux` */
  system: string;
  /** Name of the environment in the plan. */
  environment: string;
  closure: 'development' | 'runtime';
  maxLayers: number;
  compression: string;
  /** Base image and arguments of the container target; null for an image of Nix alone. */
  container: Readonly<Record<string, string>> | null;
}

/**
 * Identity of an environment's layers. The plan's digest is over path and blob id of every file that a detector
 * claims, the configuration, the catalogue and the pins, so that a new manifest counts and a source file does not.
 *
 * @returns hexadecimal
 */
export function environmentDigest(plan: Plan, identity: EnvironmentIdentity): string {
  const { system, environment, closure, maxLayers, compression, container } = identity;
  return sha256(
    JSON.stringify([
      formatVersion,
      ...[plan.repository.digest, plan.target.kind, system, environment, closure],
      ...[maxLayers, compression, container],
    ]),
  );
}

/** The tags of one worker image, without the registry before them. */
export interface Tags {
  /** `<repository>-<commit>`: this image. */
  commit: string;
  /** `<repository>-env-<digest>`: its environment alone. */
  environment: string;
  /** `<repository>-deps-<digest>`: with what was installed; null where nothing is. */
  dependencies: string | null;
  /** `<repository>-latest`: the last one that was pushed, for comparing with. */
  latest: string;
}

/** Of a digest or a commit, as it stands in names. */
export const short = (digest: string) => digest.slice(0, tagDigits);

/** @param repository its hash */
export function commitTag(repository: string, commit: string): string {
  return `${short(repository)}-${short(commit)}`;
}

export function tagsOf(
  repository: string,
  commit: string,
  environment: string,
  dependencies: string | null,
): Tags {
  const start = short(repository);
  return {
    commit: commitTag(repository, commit),
    environment: `${start}-env-${short(environment)}`,
    dependencies: dependencies === null ? null : `${start}-deps-${short(dependencies)}`,
    latest: `${start}-latest`,
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
