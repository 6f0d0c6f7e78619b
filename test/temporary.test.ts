import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../src/temporary.ts';

it('is removed with whatever a program left in it', () => {
  const outside = temporaryFolder('nidify-test-');
  writeFileSync(path.join(outside.directory, 'mine'), 'mine');
  const { directory, remove } = temporaryFolder('nidify-test-');
  // Nested deeper than paths and stacks are, without the right to write, names that are not UTF-8, links to elsewhere
  const script = `
    const fs = require('fs');
    fs.mkdirSync('read-only'); fs.writeFileSync('read-only/file', ''); fs.chmodSync('read-only', 0o555);
    fs.writeFileSync(Buffer.from([0x63, 0xe9]), '');
    fs.symlinkSync(process.argv[1], 'link');
    for (let depth = 0; depth < 8000; depth++) { fs.mkdirSync('d'); process.chdir('d'); }
    fs.writeFileSync('last', '');`;
  execFileSync(process.execPath, ['-e', script, outside.directory], { cwd: directory });
  remove();
  expect(existsSync(directory)).toBe(false);
  expect(readFileSync(path.join(outside.directory, 'mine'), 'utf8')).toBe('mine');
  outside.remove();
});
