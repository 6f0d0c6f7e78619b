/** Values of manifests as people give them. Each is checked by the rule of Kubernetes; all throw `usage` (exit 2). */
import { parseCloneUrl } from '../clone/url.ts';
import { usage } from '../errors.ts';
import type { EgressPeer, Toleration } from './types.ts';

export function choiceOf<T extends string>(option: string, value: string, choices: readonly T[]): T {
  const found = choices.find((each) => each === value);
  if (found === undefined)
    throw usage(`${option} ${JSON.stringify(value)} is not known`, `One of ${choices.join(', ')}.`);
  return found;
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
export function nameOf(option: string, value: string, limit: number): string {
  const pattern = limit <= 63 ? /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/ : /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/;
  if (value.length <= limit && pattern.test(value)) return value;
  throw usage(
    `${option} ${JSON.stringify(value)} is no name in Kubernetes`,
    `At most ${limit} lower-case letters, digits and hyphens, a letter or digit at both ends.`,
  );
}

export function countOf(option: string, value: string, least: number, most: number): number {
  const count = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (count >= least && count <= most) return count;
  throw usage(
    `${option} ${JSON.stringify(value)} is no number from ${least} to ${most}`,
    'Give a whole number.',
  );
}

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
export function quantityOf(option: string, value: string): string {
  const match = /^(?<number>\d{1,12}(?:\.\d{1,6})?)(?:m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$/.exec(value);
  if (match !== null && Number(match.groups?.number) > 0) return value;
  throw usage(
    `${option} ${JSON.stringify(value)} is no quantity`,
    'For example 500m or 2 of processors, 512Mi or 4Gi of memory.',
  );
}

/** https://github.com/distribution/reference */
const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const host = '(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:]+\\])(?::[0-9]{1,5})?';
const repositoryPattern = new RegExp(`^(?:${host}/)?${component}(?:/${component})*$`);
const registryPattern = new RegExp(`^${host}(?:/${component})*$`);
const tail =
  /^(?<name>.*?)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@sha256:(?<digest>[0-9a-f]{64}))?$/;

export function imageOf(option: string, value: string): string {
  const name = tail.exec(value)?.groups?.name ?? '';
  if (value.length <= 512 && repositoryPattern.test(name)) return value;
  throw usage(
    `${option} ${JSON.stringify(value)} is not the name of an image`,
    'As registry.example.com/team/image@sha256:….',
  );
}

/** Whether the image is the same one tomorrow. */
export function isPinned(image: string): boolean {
  return tail.exec(image)?.groups?.digest !== undefined;
}

export function registryOf(value: string | undefined, option = '--registry'): string {
  if (value === undefined)
    throw usage('it is not said which registry the image is in', 'Give --registry HOST/PATH.');
  const pattern = option === '--registry' ? registryPattern : repositoryPattern;
  if (value.length <= 255 && pattern.test(value)) return value;
  throw usage(
    `${option} ${JSON.stringify(value)} is no part of an image's name`,
    'As registry.example.com/team, without a tag.',
  );
}

/** An address without user name and password: it stands in annotations that many may read. */
export function addressOf(url: string): string {
  const parsed = parseCloneUrl(url);
  if (parsed.ref !== null) throw usage(`${parsed.shown} names a branch`, 'Give the commit with --commit.');
  if (parsed.protocol === 'file') {
    throw usage('a file:// address is of this machine, not of the cluster', 'Give --repository URL.');
  }
  if (!URL.canParse(parsed.url)) return parsed.url;
  const plain = new URL(parsed.url);
  if (plain.protocol === 'https:') plain.username = '';
  plain.password = '';
  plain.search = '';
  plain.hash = '';
  return plain.href;
}

const labelKey = '(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?/)?[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?';
const labelValue = '(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?';
const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;
const tolerationPattern = new RegExp(`^(?<key>${labelKey})(?:=(?<value>${labelValue}))?:(?<effect>\\w+)$`);
const selectorPattern = new RegExp(`^(?<key>${labelKey})=(?<value>${labelValue})$`);

/** `key=value:Effect`, or `key:Effect` for any value, as taints are written. */
export function tolerationOf(text: string): Toleration {
  const groups = tolerationPattern.exec(text)?.groups;
  const effect = effects.find((each) => each === groups?.effect);
  if (groups?.key === undefined || effect === undefined) {
    throw usage(
      `--toleration ${JSON.stringify(text)} is none`,
      'As builds=yes:NoSchedule or builds:NoSchedule.',
    );
  }
  return groups.value === undefined
    ? { key: groups.key, operator: 'Exists', effect }
    : { key: groups.key, operator: 'Equal', value: groups.value, effect };
}

export function selectorOf(text: string): [string, string] {
  const groups = selectorPattern.exec(text)?.groups;
  if (groups?.key !== undefined && groups.value !== undefined) return [groups.key, groups.value];
  throw usage(`--node-selector ${JSON.stringify(text)} is no label`, 'As disktype=ssd.');
}

const quotaPattern =
  /^(?<key>(?:requests|limits)\.[a-z0-9./-]+|count\/[a-z0-9.-]+|pods|persistentvolumeclaims|cpu|memory)=(?<value>.+)$/;

export function quotaOf(text: string): [string, string] {
  const groups = quotaPattern.exec(text)?.groups;
  if (groups?.key !== undefined && groups.value !== undefined)
    return [groups.key, quantityOf('--quota', groups.value)];
  throw usage(
    `--quota ${JSON.stringify(text)} is none`,
    'As limits.cpu=8, limits.memory=32Gi, pods=10 or count/jobs.batch=20.',
  );
}

/** `10.0.0.5/32:5000` */
export function egressOf(text: string): EgressPeer {
  const groups = /^(?<address>[0-9.]+|\[[0-9a-f:]+\])\/(?<bits>\d{1,3}):(?<port>\d{1,5})$/i.exec(
    text,
  )?.groups;
  const address = groups?.address?.replace(/^\[|\]$/g, '') ?? '';
  const isV6 = address.includes(':');
  const isAddress = isV6
    ? URL.canParse(`http://[${address}]/`)
    : /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?=\d)|$)){4}$/.test(address);
  const [bits, port] = [Number(groups?.bits), Number(groups?.port)];
  if (isAddress && bits <= (isV6 ? 128 : 32) && port > 0 && port < 65_536) {
    return { cidr: `${address}/${bits}`, port };
  }
  throw usage(
    `--egress ${JSON.stringify(text)} is no address with a port`,
    'As 10.0.0.5/32:5000 or [fd00::5]/128:5000.',
  );
}
