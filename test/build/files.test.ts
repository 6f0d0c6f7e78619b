import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileFailure, writeWhole } from '../../src/build/files.ts';
import { NidifyError } from '../../src/errors.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nidify-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a file that is written whole', () => {
  it('takes the place of the one before, with its mode', () => {
    const file = path.join(folder, 'record.json');
    writeFileSync(file, 'before');
    writeWhole(file, 'after', 0o600);
    expect(readFileSync(file, 'utf8')).toBe('after');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['record.json']);
  });

  it('leaves nothing where it cannot be put', () => {
    mkdirSync(path.join(folder, 'taken/by'), { recursive: true });
    expect(() => writeWhole(path.join(folder, 'taken'), 'text')).toThrow();
    expect(readdirSync(folder)).toEqual(['taken']);
  });
});

describe('an error of the file system', () => {
  const failed = (code: string) => fileFailure(Object.assign(new Error(`${code}: no`), { code }));

  it.each([
    ['ENOSPC', 'disk-full', 75],
    ['EDQUOT', 'disk-full', 75],
    ['EROFS', 'not-accessible', 6],
    ['EACCES', 'not-accessible', 6],
  ])('%s is %s, exit %i', (code, expected, exitCode) => {
    expect(failed(code)).toMatchObject({ code: expected, exitCode });
    expect(failed(code)).toBeInstanceOf(NidifyError);
  });

  it('of another kind stays what it is: a bug', () => {
    expect(failed('EBADF')).not.toBeInstanceOf(NidifyError);
  });
});
