import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folders, migration } from '../../src/worker/persist.ts';
import { plainSecurity } from '../../src/worker/security.ts';
import { optionsOf } from './support/options.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'nidify-persist-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const at = (...parts: string[]) => path.join(root, ...parts);

/** Runs what the init container runs, with the image's folders and the volume in a folder of the test. */
function migrate(persist: string[]) {
  const { worker } = optionsOf({ persist });
  if (worker === null) throw new Error('no worker');
  const kept = folders(worker);
  const [container] = migration(worker, kept, { requests: {}, limits: {} }, plainSecurity());
  const [shell = '', ...args] = container?.args ?? [];
  // The script is the second word; after it and its name come the pairs of paths.
  const local = args.map((word, index) => (index > 2 ? at(word) : word));
  execFileSync(shell, local);
  return kept.map(({ volume, key }) => path.join('nidify-volume', volume, key));
}

test('copies what the image has once: files, links and what is not there', () => {
  mkdirSync(at("home/nidify/.claude/a b'$(id)"), { recursive: true });
  writeFileSync(at("home/nidify/.claude/a b'$(id)/f"), 'of the image');
  symlinkSync('/etc/passwd', at('home/nidify/.claude/link'));
  writeFileSync(at('home/nidify/.claude.json'), '{}');
  const given = ['~/.claude', '~/.claude.json', '/absent folder'];
  const [claude = '', json = '', absent = ''] = migrate(given);
  expect(readFileSync(at(claude, "a b'$(id)/f"), 'utf8')).toBe('of the image');
  expect(lstatSync(at(claude, 'link')).isSymbolicLink()).toBe(true);
  expect(lstatSync(at(json)).isFile()).toBe(true);
  expect(lstatSync(at(absent)).isDirectory()).toBe(true);

  // A later image brings something else: what the worker changed stays.
  writeFileSync(at(claude, "a b'$(id)/f"), 'of the worker');
  writeFileSync(at("home/nidify/.claude/a b'$(id)/f"), 'of the next image');
  migrate(given);
  expect(readFileSync(at(claude, "a b'$(id)/f"), 'utf8')).toBe('of the worker');
});

test('does not take half a copy for a whole one', () => {
  mkdirSync(at('work'));
  writeFileSync(at('work/f'), 'whole');
  const { worker } = optionsOf({ persist: ['.'] });
  const [{ key } = { key: '' }] = worker === null ? [] : folders(worker);
  mkdirSync(at(`nidify-volume/state/${key}.partial`), { recursive: true });
  writeFileSync(at(`nidify-volume/state/${key}.partial/old`), 'half');
  const [work = ''] = migrate(['.']);
  expect(readFileSync(at(work, 'f'), 'utf8')).toBe('whole');
  expect(() => lstatSync(at(work, 'old'))).toThrow();
});
