import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { looksLikeUrl, parseCloneUrl } from '../../src/clone/url.ts';
import { NidifyError } from '../../src/errors.ts';

describe('the address of a repository', () => {
  test.each([
    ['https://example.com/a/b.git', 'https', null, 'https://example.com/a/b.git'],
    ['https://example.com:8443/a/b', 'https', null, 'https://example.com:8443/a/b'],
    ['https://me:secret@example.com/a/b.git', 'https', null, 'https://example.com/a/b.git'],
    ['https://example.com/a/b#main', 'https', 'main', 'https://example.com/a/b'],
    ['https://example.com/a/b#feature/x%20', null, null, null],
    ['ssh://git@example.com/a/b.git', 'ssh', null, 'ssh://example.com/a/b.git'],
    ['ssh://git@[::1]:2222/a/b.git', 'ssh', null, 'ssh://[::1]:2222/a/b.git'],
    ['git@example.com:a/b.git', 'ssh', null, 'example.com:a/b.git'],
    ['git@example.com:a/b.git#v1.2', 'ssh', 'v1.2', 'example.com:a/b.git'],
    ['file:///srv/git/a.git', 'file', null, 'file:///srv/git/a.git'],
  ])('%s', (text, protocol, ref, shown) => {
    expect(looksLikeUrl(text)).toBe(true);
    if (protocol === null) expect(() => parseCloneUrl(text)).toThrow(NidifyError);
    else expect(parseCloneUrl(text)).toMatchObject({ protocol, ref, shown });
  });

  test('Git gets the address as it was understood', () => {
    expect(parseCloneUrl('https:///example.com\u002fa/../b').url).toBe('https://example.com/b');
  });

  test.each([
    ['https://me:a%20b%2F@example.com/a', 'https://example.com/a', { username: 'me', password: 'a b/' }],
    ['https://t0ken@example.com/a', 'https://example.com/a', { username: 't0ken', password: null }],
    ['https://:pass@example.com/a', 'https://example.com/a', { username: '', password: 'pass' }],
    ['https://example.com/a', 'https://example.com/a', null],
    ['ssh://git:pass@example.com/a', 'ssh://git@example.com/a', null],
    ['git@example.com:a', 'git@example.com:a', null],
  ])('%s: the login is apart, and Git gets %s', (text, url, login) => {
    expect(parseCloneUrl(text)).toMatchObject({ url, login });
  });

  test('the branch may be an argument of its own, but not both', () => {
    expect(parseCloneUrl('https://example.com/a', 'main').ref).toBe('main');
    expect(() => parseCloneUrl('https://example.com/a#x', 'main')).toThrow(/two branches/);
  });
});

describe('refused: exit code 2', () => {
  test.each([
    'http://example.com/a',
    'git://example.com/a',
    'ftp://example.com/a',
    'ext::sh -c touch% /tmp/x',
    'ext::sh',
    'fd::17',
    'javascript://x',
    'file://host/share',
    'file:relative',
    'ssh://-oProxyCommand=touch/x',
    'ssh://-oProxyCommand=x@host/y',
    'ssh://%2doProxyCommand=x@host/y',
    'ssh://host/-x',
    '-oProxyCommand=x@host:y',
    'git@-oProxyCommand=x:y',
    'git@host:-x',
    'git@host:a b',
    'https://exa mple.com/a',
    'https://example.com/a\n',
    'https://example.com/a\u0000',
    'https://me:a%0ab@example.com/a',
    'https://me%00:b@example.com/a',
    'https://me:%ff@example.com/a',
    'https://example.com/a#-x',
    'https://example.com/a#--upload-pack=x',
    'https://example.com/a#a..b',
    'https://example.com/a#',
    'https://example.com/a#x y',
    'https://example.com/a#%',
  ])('%j', (text) => {
    try {
      parseCloneUrl(text);
    } catch (error) {
      expect(error).toMatchObject({ code: 'url-refused', exitCode: 2 });
      return;
    }
    throw new Error('was not refused');
  });

  test('whatever the text, no part that reaches Git begins with a dash', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.option(fc.string(), { nil: undefined }), (text, ref) => {
        try {
          const parsed = parseCloneUrl(text, ref);
          expect(parsed.url).toMatch(/^(https:\/\/|ssh:\/\/|file:\/\/\/|[\w.][\w.-]*@)/i);
          expect(parsed.ref ?? 'none').not.toMatch(/^-/);
        } catch (error) {
          if (!(error instanceof NidifyError)) throw error;
        }
      }),
    );
  });
});

test.each(['.', '..', '/srv/a', 'some/where', 'C', 'a@b', './git@host:x', 'dir:name'])(
  '%s is a directory',
  (text) => {
    expect(looksLikeUrl(text)).toBe(false);
  },
);
