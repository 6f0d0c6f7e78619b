/** Pieces of a Dockerfile: https://docs.docker.com/reference/dockerfile/ */
import { ExitCode, NidifyError } from '../../errors.ts';
import { imageReference } from '../../text/image-reference.ts';
import { type DockerfileFragment, print } from '../fragment.ts';
import { oneLine, printable } from '../text.ts';

/**
 * Comment lines. A first line of the form `# name=value` would be a parser directive, and `\` or a backquote at
 * the end of a comment is text, so nothing but line ends can break out.
 */
export function dockerfileComment(lines: readonly string[]): DockerfileFragment {
  const texts = lines.map((line) => {
    const text = oneLine(line, 400);
    return text === '' ? '#' : `# ${text}`;
  });
  const isDirective = /^#\s*\w+\s*=/.test(texts[0] ?? '');
  return print('dockerfile', (isDirective ? ['#', ...texts] : texts).join('\n'));
}

/**
 * The reference of an image.
 *
 * @throws NidifyError `plan-inconsistent` (exit 3) when it is none
 */
export function dockerfileImage(reference: string): DockerfileFragment {
  if (imageReference.test(reference)) return print('dockerfile', reference);
  throw new NidifyError({
    code: 'plan-inconsistent',
    message: `the plan names an image that is none: ${JSON.stringify(reference.slice(0, 80))}`,
    exitCode: ExitCode.unserved,
  });
}

/** `NAME="value"`, of which nothing is expanded. */
export function dockerfileAssignment(name: string, value: string): DockerfileFragment {
  const escaped = oneLineOnly(value).replace(/[\\"$]/g, '\\$&');
  return print('dockerfile', `${name}=${/^[\w./:@,-]+$/.test(value) ? value : `"${escaped}"`}`);
}

/** A string of an instruction in JSON form. */
export function dockerfileString(value: string): DockerfileFragment {
  return print('dockerfile', JSON.stringify(printable(value)));
}

/** Absolute folders as words of a `RUN` line. */
export function dockerfileFolders(folders: readonly string[]): DockerfileFragment {
  const wrong = folders.find((folder) => !/^(\/[\w.-]+)+$/.test(folder));
  if (wrong !== undefined) throw new TypeError(`${wrong} is no plain folder`);
  return print('dockerfile', folders.join(' '));
}

/** A Dockerfile continues a line at a backslash, not in a string: a value with line ends has no form in it. */
function oneLineOnly(value: string): string {
  const text = printable(value);
  if (!/[\r\n]/.test(text)) return text;
  throw new NidifyError({
    code: 'unprintable-value',
    message: `a value with line ends cannot stand in a Dockerfile: ${JSON.stringify(text.slice(0, 80))}`,
    exitCode: ExitCode.unserved,
  });
}
