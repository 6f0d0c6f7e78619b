import { createHash } from 'node:crypto';
import type { Plan } from '../plan/schema.ts';
import type { StorePath } from './closure.ts';

/**
 * The closure as a CycloneDX 1.6 document (https://cyclonedx.org/docs/1.6/json/). It has no time in it and its
 * serial number comes from its content: the same closure gives the same bytes.
 *
 * @param storePath the environment, which the document is about
 */
export function sbomOf(plan: Plan, storePath: string, closure: readonly StorePath[]): string {
  const content = {
    version: 1,
    metadata: {
      tools: {
        components: [{ type: 'application', name: plan.generator.name, version: plan.generator.version }],
      },
      component: { type: 'application', 'bom-ref': storePath, name: plan.repository.name },
    },
    components: closure.filter(({ path }) => path !== storePath).map(component),
    dependencies: closure.map(({ path, references }) => ({ ref: path, dependsOn: references })),
  };
  const document = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify(content))}`,
    ...content,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function component({ path, narHash }: StorePath): object {
  const { name, version } = parseStoreName(path);
  const id = [name, ...(version === null ? [] : [version])].map(encodeURIComponent).join('@');
  return {
    type: 'library',
    'bom-ref': path,
    name,
    ...(version === null ? {} : { version }),
    // Nix has no type of its own among those of https://github.com/package-url/purl-spec yet.
    purl: `pkg:generic/${id}`,
    // Of the path as a NAR, which is what Nix itself signs and compares.
    ...(narHash === null ? {} : { hashes: [{ alg: 'SHA-256', content: narHash }] }),
    properties: [{ name: 'nidify:nix:store-path', value: path }],
  };
}

/** The outputs that nixpkgs splits packages into. */
const output = /-(?:bin|debug|dev|devdoc|dist|doc|info|lib|libgcc|locale|man|static)$/;

/**
 * Name and version of a store path as Nix splits them: the version begins after the first dash that no letter
 * follows. https://nix.dev/manual/nix/latest/language/builtins#builtins-parseDrvName
 */
export function parseStoreName(storePath: string): { name: string; version: string | null } {
  const full = storePath.slice(storePath.lastIndexOf('/') + 1).replace(/^[0-9a-z]{32}-/, '');
  const at = full.search(/-[^A-Za-z]/);
  if (at <= 0) return { name: full, version: null };
  return { name: full.slice(0, at), version: full.slice(at + 1).replace(output, '') };
}

/** Version 8: made of whatever one likes (RFC 9562, section 5.8); here the content's hash. */
function uuidOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
