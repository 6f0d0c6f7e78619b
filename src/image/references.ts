import { usage } from '../errors.ts';
import type { Plan } from '../plan/schema.ts';

/** Where an image goes. */
export type Destination =
  | { kind: 'oci'; directory: string; tag: string | null }
  | { kind: 'docker-archive'; file: string }
  | { kind: 'load' }
  | { kind: 'push'; reference: string };

/** https://github.com/distribution/reference: path components, and an optional registry before them. */
const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const registry = '(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:]+\\])(?::[0-9]{1,5})?';
const tagText = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}';
const imageName = new RegExp(
  `^(?<name>(?:${registry}/)?${component}(?:/${component})*)(?::(?<tag>${tagText}))?$`,
);
const layoutPattern = new RegExp(`^(?<directory>.+?)(?::(?<tag>${tagText}))?$`);

/** Somebody may think that they belong there; the digest of an image also follows an `@`. */
const credentials = /^.*@(?!sha256:)/s;

export interface ImageName {
  /** With its tag: `shop:1.0` */
  name: string;
  /** `1.0` */
  tag: string;
}

/**
 * The name of an image, completed with `latest` as everywhere.
 *
 * @throws NidifyError `usage` (exit 2)
 */
export function parseImageName(text: string, option: string): ImageName {
  const groups = text.length <= 255 ? imageName.exec(text)?.groups : undefined;
  if (groups?.name === undefined) {
    throw usage(
      `${option} ${text.replace(credentials, '***@')} is not the name of an image`,
      'Names are lower-case: shop, shop:1.0, registry.example.com/team/shop:1.0.',
    );
  }
  const tag = groups.tag ?? 'latest';
  return { name: `${groups.name}:${tag}`, tag };
}

/** `registry.example.com/team/shop:1.0`, as parseImageName gives it, in its two parts. */
export function splitTag(name: string): { repository: string; tag: string } {
  const colon = name.lastIndexOf(':');
  return { repository: name.slice(0, colon), tag: name.slice(colon + 1) };
}

/** Name of the image when nobody gives it one: that of the repository, in letters that a registry takes. */
export function defaultImageName({ repository }: Plan): ImageName {
  const name = repository.name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-|-$/g, '');
  return { name: `${name || 'environment'}:latest`, tag: 'latest' };
}

/** @throws NidifyError `usage` (exit 2) for another form than `oci:DIR[:tag]` and `docker-archive:FILE` */
export function parseTo(text: string): Destination {
  const at = text.indexOf(':');
  const [kind, rest] = [text.slice(0, at), text.slice(at + 1)];
  if (kind === 'docker-archive' && rest !== '') return { kind, file: rest };
  const groups = kind === 'oci' ? layoutPattern.exec(rest)?.groups : undefined;
  if (groups?.directory !== undefined) {
    return { kind: 'oci', directory: groups.directory, tag: groups.tag ?? null };
  }
  throw usage(`--to ${text} is not a destination`, 'It is oci:DIR, oci:DIR:TAG or docker-archive:FILE.');
}

/** Whether a push to this name leaves the machine: a registry on loopback needs no TLS. */
export function isLoopback(name: string): boolean {
  const host = name.split('/')[0]?.replace(/:\d+$/, '') ?? '';
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
