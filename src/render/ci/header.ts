import type { Plan } from '../../plan/schema.ts';
import { wrapped } from '../header.ts';

/** What the first lines of these files say; `about` is what the file does. */
export function integrationHeader({ generator }: Plan, about: string, removal: string): string[] {
  const { name, version } = generator;
  return [
    ...wrapped(about),
    '',
    ...wrapped(
      `Written by ${name} ${version} from the commands and versions of this repository; \`${name}\` writes it ` +
        `anew when they change, \`${name} check\` says when it has to, \`${name} ${removal}\` removes it. ` +
        `Edited files are left alone.`,
    ),
  ];
}
