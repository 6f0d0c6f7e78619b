import { z } from 'zod';
import { ExitCode, NidifyError } from '../errors.ts';
import type { ParsedDocument } from '../parse/document.ts';
import { parseJson } from '../parse/json.ts';
import { valueAt } from '../parse/value.ts';
import { suggestion } from '../text/nearest.ts';
import { type Config, configSchema } from './schema.ts';

/**
 * Reads the text of a `nidify.jsonc` (JSON with comments and trailing commas).
 *
 * @param file how messages name it
 * @throws NidifyError `config-invalid` (exit 2): every problem with its line and what is allowed there
 */
export function parseConfig(text: string, file = 'nidify.jsonc'): Config {
  if (text.trim() === '') return {};
  const parsed = parseJson(text, { comments: true });
  if ('problem' in parsed) {
    const { line, message } = parsed.problem;
    throw invalid([`${file}${line === null ? '' : `:${line}`}: ${message}`], null);
  }
  const { document } = parsed;
  const result = configSchema.safeParse(document.value, { reportInput: true });
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, document));
  throw invalid(
    problems.map(({ line, message }) => `${file}${line === null ? '' : `:${line}`}: ${message}`),
    problems.find(({ hint }) => hint !== null)?.hint ?? null,
  );
}

interface Problem {
  line: number | null;
  message: string;
  hint: string | null;
}

type Issue = z.core.$ZodIssue;

function problemsOf(issue: Issue, document: ParsedDocument): Problem[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  const line = document.line(path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      line: document.line([...path, key]),
      message: `${nameOf([...path, key])} is no setting`,
      hint: suggestion(key, keysAt(path)) ?? `Allowed here: ${keysAt(path).map(quoted).join(', ')}.`,
    }));
  }
  if (issue.code === 'invalid_key') {
    const key = path.at(-1);
    return [
      { line, message: `${quoted(String(key))}: ${issue.issues[0]?.message ?? 'not allowed'}`, hint: null },
    ];
  }
  if (issue.code === 'too_small' && issue.origin === 'array') {
    return [{ line, message: `${nameOf(path)} must not be empty`, hint: null }];
  }
  const found = shownValue(valueAt(document.value, path));
  return [{ line, message: `${nameOf(path)} ${wanted(issue)}, not ${found}`, hint: hintOf(issue) }];
}

function wanted(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${kinds[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map((value) => quoted(String(value))).join(', ')}`;
    case 'too_small':
      return `must be more than ${issue.minimum}`;
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    case 'invalid_format':
      return `must be ${issue.message}`;
    default:
      return `is wrong (${issue.message})`;
  }
}

function hintOf(issue: Issue): string | null {
  if (issue.code !== 'invalid_value' || typeof issue.input !== 'string') return null;
  return suggestion(issue.input, issue.values.map(String));
}

const kinds: Partial<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function nameOf(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'the file' : quoted(path.map(String).join('.'));
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text);
}

function shownValue(value: unknown): string {
  if (value === undefined) return 'absent';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'string' ? quoted(value) : String(value);
}

/** Keys that the schema knows at a place. */
function keysAt(path: readonly PropertyKey[]): string[] {
  let schema: unknown = configSchema;
  for (const step of path) schema = shapeOf(schema)[String(step)];
  return Object.keys(shapeOf(schema));
}

function shapeOf(schema: unknown): Readonly<Record<string, unknown>> {
  const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  return inner instanceof z.ZodObject ? inner.shape : {};
}

/**
 * What `disable` names must be there to be disabled: a name that is none would change nothing, unnoticed.
 *
 * @param known ids of every ecosystem
 * @throws NidifyError `config-invalid` (exit 2)
 */
export function checkDisabled(disable: readonly string[] | undefined, known: readonly string[]): void {
  const unknown = (disable ?? []).find((id) => !known.includes(id));
  if (unknown === undefined) return;
  throw invalid(
    [`nidify.jsonc: "disable": ${quoted(unknown)} is no ecosystem that nidify knows`],
    suggestion(unknown, known) ?? `Known are ${known.join(', ')}.`,
  );
}

function invalid(problems: string[], hint: string | null): NidifyError {
  return new NidifyError({
    code: 'config-invalid',
    message: problems.slice(0, 10).join('\n'),
    hint: hint ?? '`nidify schema config` prints everything that is allowed.',
    exitCode: ExitCode.usage,
  });
}
