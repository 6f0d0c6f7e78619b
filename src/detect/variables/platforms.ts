/** Variables in the configuration of platforms. Each reader is given the parsed file and says where they stand. */
import type { ParsedDocument } from '../../parse/document.ts';
import { entriesAt, isRecord, type Path, stringAt, valueAt } from '../../parse/value.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { parseJsonFile, parseTomlFile, parseYamlFile } from '../shared/parsed.ts';
import { nameOf } from '../shared/tree.ts';
import type { ApplicationVariableNeed } from '../types.ts';
import { variableNeed } from './need.ts';

interface Found {
  path: Path;
  name: string;
  value: string | null;
  required?: boolean;
}

interface Platform {
  file: RegExp;
  rule: string;
  parse(file: ClaimedFile): Promise<ParsedDocument | null>;
  read(value: unknown): Found[];
}

const jsonc = (file: ClaimedFile) => parseJsonFile(file, { comments: true });

const platforms: readonly Platform[] = [
  // https://devcenter.heroku.com/articles/app-json-schema#env
  {
    file: /^app\.json$/,
    rule: 'variables/heroku',
    parse: (file) => parseJsonFile(file),
    read: (value) =>
      entriesAt(value, ['env']).map(([name, entry]) => ({
        path: ['env', name],
        name,
        value: isRecord(entry) ? textOf(entry.value) : textOf(entry),
        ...(valueAt(entry, ['required']) === false ? { required: false } : {}),
      })),
  },
  // https://render.com/docs/blueprint-spec#environment-variables
  {
    file: /^render\.yaml$/,
    rule: 'variables/render',
    parse: parseYamlFile,
    read: (value) =>
      ['services', 'envVarGroups'].flatMap((table) =>
        listAt(value, [table]).flatMap((service, at) =>
          listAt(service, ['envVars']).flatMap((entry, index): Found[] => {
            const name = stringAt(entry, ['key']);
            const path = [table, at, 'envVars', index];
            return name === null ? [] : [{ path, name, value: textOf(valueAt(entry, ['value'])) }];
          }),
        ),
      ),
  },
  // https://fly.io/docs/reference/configuration/#the-env-variables-section
  {
    file: /^fly\.toml$/,
    rule: 'variables/fly',
    parse: parseTomlFile,
    read: (value) => table(value, ['env']),
  },
  // https://vercel.com/docs/project-configuration: `@name` stands for a secret.
  {
    file: /^vercel\.json$/,
    rule: 'variables/vercel',
    parse: (file) => parseJsonFile(file),
    read: (value) =>
      [...table(value, ['env']), ...table(value, ['build', 'env'])].map((each) => ({
        ...each,
        value: each.value?.startsWith('@') === true ? null : each.value,
      })),
  },
  // https://docs.netlify.com/configure-builds/file-based-configuration/
  {
    file: /^netlify\.toml$/,
    rule: 'variables/netlify',
    parse: parseTomlFile,
    read: (value) => [
      ...table(value, ['build', 'environment']),
      // What a person is asked for: the text tells what to enter.
      ...table(value, ['template', 'environment']).map((each) => ({ ...each, value: null })),
      ...entriesAt(value, ['context']).flatMap(([name]) => table(value, ['context', name, 'environment'])),
    ],
  },
  // https://developers.cloudflare.com/workers/wrangler/configuration/#environment-variables
  {
    file: /^wrangler\.toml$/,
    rule: 'variables/wrangler',
    parse: parseTomlFile,
    read: (value) => table(value, ['vars']),
  },
  {
    file: /^wrangler\.jsonc?$/,
    rule: 'variables/wrangler',
    parse: jsonc,
    read: (value) => table(value, ['vars']),
  },
  // https://cloud.google.com/appengine/docs/standard/reference/app-yaml
  {
    file: /^app\.yaml$/,
    rule: 'variables/app-engine',
    parse: parseYamlFile,
    read: (value) => table(value, ['env_variables']),
  },
];

/** What the platform itself reads: versions of its build image and the like. */
const ofPlatform =
  /^(CI|NODE_ENV|[A-Z]+_VERSION|(NPM|YARN|PNPM|PIP|BUNDLER|COMPOSER|HUGO|GO)_(FLAGS|TOKEN|REGISTRY|VERSION)|NODE_OPTIONS|NETLIFY_\w+|VERCEL_\w+|SECRETS_SCAN_\w+)$/;

export async function platformVariables(file: ClaimedFile): Promise<ApplicationVariableNeed[]> {
  const platform = platforms.find((each) => each.file.test(nameOf(file.path)));
  const document = platform === undefined ? null : await platform.parse(file);
  if (platform === undefined || document === null) return [];
  return platform
    .read(document.value)
    .filter(({ name }) => !ofPlatform.test(name))
    .flatMap(({ path, ...found }) =>
      variableNeed({ file, line: document.line(path), rule: platform.rule, ...found }),
    );
}

function table(value: unknown, path: Path): Found[] {
  return entriesAt(value, path).map(([name, entry]) => ({
    path: [...path, name],
    name,
    value: textOf(entry),
  }));
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function listAt(value: unknown, path: Path): unknown[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found.slice(0, 500) : [];
}
