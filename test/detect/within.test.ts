import { expect, test } from 'vitest';
import { byNativeEcosystem, nativeEcosystems } from '../../src/catalogue/native-ecosystems.ts';
import type { Need } from '../../src/detect/types.ts';
import { needsWithin } from '../../src/detect/within.ts';

const because = [{ file: 'lock', line: 1, text: '', rule: 'test/lock' }];
const project = (path: string, language: string): Need => ({
  ...{ kind: 'project', path, name: null, languages: [language], frameworks: [], packageManager: null },
  ...{ commands: {}, ports: [], because: [{ file: `${path}/manifest`, line: null, text: '', rule: 'test' }] },
});

test('what the root locks for an ecosystem is for the projects below it of its languages, and of no other', () => {
  for (const [ecosystem, { tools }] of Object.entries(nativeEcosystems)) {
    for (const language of tools) {
      const needs: Need[] = [
        project('.', language),
        project('own', language),
        project('other', 'cobol'),
        {
          ...{ kind: 'dependency', ecosystem: ecosystem as keyof typeof nativeEcosystems, name: 'x' },
          ...{ version: null, project: '.', because },
        },
      ];
      const taken = (path: string) =>
        needsWithin(needs, path).flatMap((need) => (need.kind === 'dependency' ? [need.project] : []));
      expect([ecosystem, taken('own'), taken('other')]).toEqual([ecosystem, ['own'], []]);
    }
  }
});

test('every ecosystem but that of distributions has a language', () => {
  const languages = byNativeEcosystem((each) => nativeEcosystems[each].tools.length);
  expect(Object.entries(languages).filter(([, count]) => count === 0)).toEqual([['apt', 0]]);
});
