// Makes test/schemas/kubernetes-VERSION.json: `node scripts/schemas/kubernetes.mjs FOLDER...`, each the unpacked npm
// package @kubernetes/client-node, whose classes are generated from the OpenAPI document of one Kubernetes version.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const roots = [
  'V1Deployment',
  'V1Job',
  'V1LimitRange',
  'V1Namespace',
  'V1NetworkPolicy',
  'V1PersistentVolumeClaim',
  'V1Pod',
  'V1ResourceQuota',
  'V1Role',
  'V1RoleBinding',
  'V1ServiceAccount',
];

for (const folder of process.argv.slice(2)) {
  const generated = path.join(folder, 'dist/gen');
  const names = ['models/V1', 'model/v1'].map((start) => path.join(generated, start));
  const stem = names.find((each) => existsSync(`${each}Pod.js`));
  if (stem === undefined) throw new Error(`no models in ${folder}`);
  const version = /OpenAPI (?:spec version|document): (?:release-|v)(?<version>\d+\.\d+)/.exec(
    readFileSync(`${stem}Pod.js`, 'utf8'),
  )?.groups.version;
  const definitions = {};
  const wanted = [...roots];
  for (let at = 0; at < wanted.length; at++) definitions[wanted[at]] = schemaOf(wanted[at]);
  const file = path.join(import.meta.dirname, `../../test/schemas/kubernetes-${version}.json`);
  const sorted = Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify({ $defs: sorted })}\n`);

  function schemaOf(name) {
    const start = stem.slice(0, -2);
    const isLower = stem.endsWith('v1');
    const base = start + (isLower ? name[0].toLowerCase() : name[0]) + name.slice(1);
    const [, list] = /attributeTypeMap = (\[[\s\S]*?\n\]|\[\]);/.exec(readFileSync(`${base}.js`, 'utf8'));
    const declared = readFileSync(`${base}.d.ts`, 'utf8');
    const attributes = JSON.parse(list);
    const properties = Object.fromEntries(attributes.map(({ baseName, type }) => [baseName, typeOf(type)]));
    const required = attributes
      .filter((each) => !declared.includes(`'${each.name}'?:`))
      .map(({ baseName }) => baseName);
    return { type: 'object', properties, required, additionalProperties: false };
  }

  function typeOf(type) {
    const array = /^(?:Array|Set)<(?<item>.*)>$/.exec(type)?.groups.item;
    if (array !== undefined) return { type: 'array', items: typeOf(array) };
    const value = /^\{ \[key: string\]: (?<value>.*); \}$/.exec(type)?.groups.value;
    if (value !== undefined) return { type: 'object', additionalProperties: typeOf(value) };
    switch (type) {
      case 'string':
      case 'boolean':
      case 'number':
        return { type };
      case 'Date':
      case 'V1MicroTime':
        return { type: 'string' };
      case 'IntOrString':
        return { type: ['integer', 'string'] };
      case 'any':
      case 'object':
        return {};
    }
    if (!wanted.includes(type)) wanted.push(type);
    return { $ref: `#/$defs/${type}` };
  }
}
