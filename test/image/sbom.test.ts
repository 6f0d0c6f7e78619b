import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { describe, expect, it } from 'vitest';
import { parseStoreName, sbomOf } from '../../src/image/sbom.ts';
import { planOf } from '../support/plan.ts';
import { bashPath, environmentPath, fakeStore, libraryPath } from './support.ts';

const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);

describe('the bill of materials', () => {
  it('is what the published schema of CycloneDX 1.6 allows', async () => {
    const { closure } = fakeStore();
    const text = sbomOf(planOf(), environmentPath, closure);
    expect(await validator.validate(text)).toBeNull();
    // The validator does say no.
    expect(await validator.validate(text.replace('"library"', '"book"'))).not.toBeNull();
  });

  it('names every path of the closure, with hash and references', () => {
    const { closure } = fakeStore();
    const document = JSON.parse(sbomOf(planOf(), environmentPath, closure));
    expect(document.metadata.component['bom-ref']).toBe(environmentPath);
    expect(document.components).toMatchObject([
      {
        'bom-ref': bashPath,
        name: 'bash',
        version: '5.2',
        purl: 'pkg:generic/bash@5.2',
        hashes: [{ alg: 'SHA-256', content: 'b'.repeat(64) }],
      },
      { 'bom-ref': libraryPath, name: 'glibc', version: '2.40-66' },
    ]);
    expect(document.dependencies).toContainEqual({ ref: bashPath, dependsOn: [libraryPath] });
  });

  it('has a serial number that is its content’s', () => {
    const { closure } = fakeStore();
    const serial = (paths: typeof closure) =>
      JSON.parse(sbomOf(planOf(), environmentPath, paths)).serialNumber;
    expect(serial(closure)).toBe(serial(closure));
    expect(serial(closure.slice(0, 2))).not.toBe(serial(closure));
  });

  it.each([
    ['openssl-3.0.14', 'openssl', '3.0.14'],
    ['openssl-3.0.14-dev', 'openssl', '3.0.14'],
    ['nss-cacert', 'nss-cacert', null],
    ['python3.13-pip-25.0', 'python3.13-pip', '25.0'],
    ['glibc-2.40-66', 'glibc', '2.40-66'],
    ['gtk+3-3.24', 'gtk+3', '3.24'],
  ])('reads %s as Nix does', (storeName, name, version) => {
    expect(parseStoreName(`/nix/store/${'a'.repeat(32)}-${storeName}`)).toEqual({ name, version });
  });
});
