/** Variables in Compose files: https://docs.docker.com/reference/compose-file/services/#environment */
import { entriesAt, isRecord, stringAt, valueAt } from '../../parse/value.ts';
import type { Inventory } from '../../scan/types.ts';
import { type ComposeFile, composeFiles } from '../containers/compose.ts';
import { parseImage, serviceOf } from '../containers/services.ts';
import type { ApplicationVariableNeed } from '../types.ts';
import { variableNeed } from './need.ts';

/** More services than people write in one file. */
const maxServices = 200;

/**
 * What the repository's own services are given, and what the file itself takes from outside (`${NAME}`). What a
 * database's image is told is no variable of the application.
 */
export async function composeVariables(inventory: Inventory): Promise<ApplicationVariableNeed[]> {
  return (await composeFiles(inventory)).flatMap((file) =>
    entriesAt(file.document.value, ['services'])
      .slice(0, maxServices)
      .flatMap(([name, service]) => variablesOf(file, name, service)),
  );
}

function variablesOf(
  { file, document }: ComposeFile,
  service: string,
  entry: unknown,
): ApplicationVariableNeed[] {
  const place = ['services', service, 'environment'];
  const isOwn = !isKnownImage(stringAt(entry, ['image']));
  return settings(valueAt(entry, ['environment'])).flatMap(({ key, name, value }) => {
    const line = document.line([...place, key]) ?? document.line(place);
    const rule = 'variables/compose';
    const outer = references(value ?? '');
    const taken = outer
      .filter((each) => each.name !== name || !isOwn)
      .flatMap((each) =>
        variableNeed({ file, line, rule, name: each.name, value: each.fallback, required: each.isRequired }),
      );
    if (!isOwn) return taken;
    const [only] = outer;
    const isWhole = only !== undefined && only.text === value;
    const own = outer.length === 0 ? value : isWhole ? only.fallback : null;
    const required = outer.length === 0 ? {} : { required: outer.some((each) => each.isRequired) };
    return [...variableNeed({ file, line, rule, name, value: own, ...required }), ...taken];
  });
}

function isKnownImage(image: string | null): boolean {
  const parsed = image === null ? null : parseImage(image);
  return parsed !== null && serviceOf(parsed) !== null;
}

interface Setting {
  key: string | number;
  name: string;
  /** Null where it is passed on from outside. */
  value: string | null;
}

/** A mapping, or a list of `NAME=value` and `NAME`. */
function settings(environment: unknown): Setting[] {
  if (Array.isArray(environment)) {
    return environment.flatMap((each, key): Setting[] => {
      if (typeof each !== 'string') return [];
      const at = each.indexOf('=');
      return [
        at === -1
          ? { key, name: each, value: null }
          : { key, name: each.slice(0, at), value: each.slice(at + 1) },
      ];
    });
  }
  if (!isRecord(environment)) return [];
  return Object.entries(environment).map(([name, value]) => ({
    key: name,
    name,
    value: value === null || value === undefined || typeof value === 'object' ? null : String(value),
  }));
}

interface Reference {
  text: string;
  name: string;
  fallback: string | null;
  isRequired: boolean;
}

/** https://docs.docker.com/reference/compose-file/interpolation/; `$$` is a dollar sign. */
const reference =
  /(?<!\$)(?:\$\$)*(?<text>\$(?:(?<bare>[A-Za-z_]\w{0,120})|\{(?<name>[A-Za-z_]\w{0,120})(?:(?<sign>:?[-?+])(?<rest>[^{}]*))?\}))/g;

function references(value: string): Reference[] {
  if (value.length > 4000) return [];
  return [...value.matchAll(reference)].map(({ groups = {} }) => {
    const sign = groups.sign?.at(-1);
    const fallback = sign === '-' ? (groups.rest ?? '') : null;
    return {
      text: groups.text ?? '',
      name: groups.bare ?? groups.name ?? '',
      fallback,
      isRequired: sign === undefined || sign === '?',
    };
  });
}
