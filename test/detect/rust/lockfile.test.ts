import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crateFinder, parseCargoLock } from '../../../src/detect/rust/lockfile.ts';

const lock = `version = 3

[[package]]
name = "a"
version = "1.0.0"
dependencies = [
 "b",
 "c 2.0.0",
]

[[package]]
name = "b"
version = "0.1.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "aaaa"

[[package]]
name = "c"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"

[[package]]
name = "c"
version = "2.0.0"
source = "git+https://github.com/acme/c?rev=abc#abc"

[[patch.unused]]
name = "d"
version = "1.0.0"

[metadata]
"checksum b 0.1.0" = "aaaa"
`;

describe('Cargo.lock', () => {
  it('lists packages with their lines', () => {
    expect(parseCargoLock(lock).map(({ name, version, line }) => [name, version, line])).toEqual([
      ['a', '1.0.0', 4],
      ['b', '0.1.0', 12],
      ['c', '1.0.0', 18],
      ['c', '2.0.0', 23],
    ]);
  });

  it('tells packages of the workspace from those of registries', () => {
    const [own, other] = parseCargoLock(lock);
    expect(own?.source).toBeNull();
    expect(other?.source).toMatch(/^registry/);
  });

  it('names dependencies, with a version where a name alone is not enough', () => {
    const crates = parseCargoLock(lock);
    const find = crateFinder(crates);
    expect(crates[0]?.dependencies).toEqual(['b', 'c 2.0.0']);
    expect(find('c 2.0.0').map(({ version }) => version)).toEqual(['2.0.0']);
    expect(find('c').map(({ version }) => version)).toEqual(['1.0.0', '2.0.0']);
    expect(find('nothing')).toEqual([]);
  });

  it('is read with line ends of Windows and in the old form', () => {
    const old =
      '[root]\nname = "a"\nversion = "1.0.0"\ndependencies = [\n "b 0.1.0 (registry+https://x)",\n]\n';
    const [crate] = parseCargoLock(old.replaceAll('\n', '\r\n'));
    expect(crate).toMatchObject({ name: 'a', dependencies: ['b 0.1.0 (registry+https://x)'] });
  });

  it('never fails', () => {
    const piece = fc.constantFrom(
      '[[package]]\n',
      'name = "',
      '"\n',
      'dependencies = [',
      ']',
      '\0',
      ' "x",\n',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string())), (pieces) => {
        for (const crate of parseCargoLock(pieces.join(''))) expect(crate.name).not.toBe('');
      }),
    );
  });
});
