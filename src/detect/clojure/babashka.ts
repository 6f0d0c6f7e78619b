/** Tasks and scripts of Babashka, which needs no JDK: https://book.babashka.org/#tasks */

import type { Commands } from '../../plan/schema.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { presence } from '../evidence.ts';
import { folderOf } from '../shared/tree.ts';
import type { Need } from '../types.ts';
import { formAt, readForms } from './edn.ts';

const commands = ['build', 'test', 'start', 'dev', 'lint'] as const;

/** @param isAlone whether nothing else builds the project */
export function babashkaNeeds(file: ClaimedFile, isAlone: boolean): Need[] {
  const project = folderOf(file.path);
  const because = [presence(file.path, 'clojure/babashka')];
  const edn = readForms(file.text ?? '').forms.find(({ kind }) => kind === 'map') ?? null;
  const tasks = new Set((formAt(edn, [':tasks'])?.items ?? []).map(({ text }) => text));
  const found: Partial<Commands> = {};
  for (const name of commands) if (tasks.has(name)) found[name] = `bb ${name}`;
  if (tasks.has('run') && found.start === undefined) found.start = 'bb run';
  return [
    { kind: 'tool', id: 'babashka', project, because },
    ...(isAlone
      ? [
          {
            kind: 'project' as const,
            path: project,
            name: null,
            languages: ['clojure'],
            frameworks: [],
            packageManager: null,
            commands: found,
            ports: [],
            because,
          },
        ]
      : []),
  ];
}
