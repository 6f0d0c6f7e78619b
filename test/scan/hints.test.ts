import { describe, expect, it } from 'vitest';
import { directorySource } from '../../src/scan/directory.ts';
import { scan } from '../../src/scan/scan.ts';
import { folderWith } from '../support/folder.ts';

const hints = { names: ['Dockerfile'], endings: ['.sh'], folders: ['.github/workflows'] };

async function scanned(files: Record<string, string | Uint8Array>) {
  return scan(directorySource(folderWith(files)), { claims: [{ hints }] });
}

describe('hints', () => {
  it('are read by name, ending and folder', async () => {
    const { files } = await scanned({
      'a/Dockerfile': 'FROM scratch\n',
      'x.sh': 'true\n',
      '.github/workflows/ci.yml': 'on: push\n',
      '.github/workflows/deep/no.yml': '',
      'other.yml': '',
    });
    expect([...files].map(([name, { text, isHint }]) => [name, text, isHint])).toEqual([
      ['.github/workflows/ci.yml', 'on: push\n', true],
      ['a/Dockerfile', 'FROM scratch\n', true],
      ['x.sh', 'true\n', true],
    ]);
  });

  it('that are no text, too large or folders are passed over in silence', async () => {
    const { files, findings } = await scanned({
      'installer.sh': Buffer.concat([Buffer.from('#!/bin/sh\n'), Buffer.alloc(64)]),
      'large.sh': 'x'.repeat(300 * 1024),
      'Dockerfile/readme': '',
    });
    expect(findings).toEqual([]);
    expect([...files.values()].map(({ text }) => text)).toEqual([null, null]);
  });
});
