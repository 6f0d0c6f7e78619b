import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

export const kubernetesVersions = ['1.28', '1.30', '1.32', '1.34', '1.36'] as const;
export type KubernetesVersion = (typeof kubernetesVersions)[number];

const compiled = new Map<string, Ajv2020>();

/** @returns what is wrong with the object in that version; unknown fields are, too */
export function schemaErrors(version: KubernetesVersion, object: { kind: string }): string[] {
  const ajv = compiled.get(version) ?? new Ajv2020({ strict: false, allErrors: true, inlineRefs: false });
  if (!compiled.has(version)) {
    const file = new URL(`../../schemas/kubernetes-${version}.json`, import.meta.url);
    ajv.addSchema({ $id: 'kubernetes', ...JSON.parse(readFileSync(file, 'utf8')) });
    compiled.set(version, ajv);
  }
  const validate = ajv.getSchema(`kubernetes#/$defs/V1${object.kind}`);
  if (validate === undefined) throw new Error(`no schema of ${object.kind}`);
  validate(object);
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
