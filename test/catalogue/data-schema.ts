/** What compiled data must look like: the guard of the casts in src/catalogue/data/index.ts. */

import { z } from 'zod';
import { byNativeEcosystem } from '../../src/catalogue/native-ecosystems.ts';
import { systemSchema, variablePartSchema } from '../../src/plan/schema.ts';

const presence = z.string().regex(/^[cpi-]*[cpi]$/i, 'letters of docs/catalogue.md, no absence at the end');
const attributePath = z.string().regex(/^[A-Za-z_][\w'-]*(\.[A-Za-z_0-9][\w'-]*)*$/);
const packageName = z.string().regex(/^[A-Za-z0-9][\w.+-]*$/);
const date = z.iso.date();

const segment = z
  .strictObject({
    attribute: attributePath,
    in: presence,
    systems: z.array(systemSchema).nonempty().optional(),
    unfree: z.array(packageName).nonempty().optional(),
    insecure: z.array(packageName).nonempty().optional(),
  })
  .refine(({ in: letters, insecure }) => /[A-Z]/.test(letters) === (insecure !== undefined), {
    message: 'names of insecure packages belong to capital letters',
  });

export const baseSchema = z.strictObject({
  version: z.string().regex(/^\d{4}-\d\d-\d\d-[0-9a-f]{12}$/),
  date,
  defaultChannel: z.string(),
  channels: z.array(
    z.strictObject({
      name: z.string().regex(/^nixos-(\d\d\.\d\d|unstable)$/),
      input: z.string().regex(/^nixpkgs(-[a-z0-9_]+)?$/),
      rev: z.string().regex(/^[0-9a-f]{40}$/),
      narHash: z.string().regex(/^sha256-[A-Za-z0-9+/]{43}=$/),
      lastModified: z.int().positive(),
      endOfLife: date.nullable(),
      minimumNix: z.string().regex(/^2(\.\d+){1,2}$/),
      systems: z.array(systemSchema).nonempty(),
      glibc: z.string().regex(/^2\.\d+$/),
      besideOnly: z.literal(true).optional(),
    }),
  ),
  attributes: z.record(attributePath, z.union([presence, z.array(segment).nonempty()])),
  tools: z.record(z.string(), attributePath),
  uses: z.record(z.string(), z.array(z.string())),
  homes: z.record(z.string(), z.string()),
});

const line = z.strictObject({
  line: z.string().regex(/^[a-z0-9.]+$/),
  endOfLife: date.optional(),
  companions: z.array(attributePath).optional(),
  components: z.array(attributePath).optional(),
  in: z.array(segment).nonempty(),
  versions: z.record(z.string(), z.string().regex(/^\d+(\.\d+)*(\.x|\+)?$/)).optional(),
  cached: z.array(z.string()).nonempty().optional(),
});

const tool = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  bundledWith: z.string().optional(),
  aliases: z.record(z.string(), z.string()).optional(),
  defaults: z.record(z.string(), z.string()).optional(),
  extensions: z
    .record(z.string().regex(/^[a-z][a-z0-9_-]*$/), z.union([presence, z.array(segment).nonempty()]))
    .optional(),
  included: z.array(z.string().regex(/^[a-z][a-z0-9_-]*$/)).optional(),
  lines: z.array(line),
});

const nativeRow = z.strictObject({
  link: z.array(attributePath).optional(),
  dlopen: z.array(attributePath).optional(),
  tools: z.array(attributePath).optional(),
  compiler: z.boolean().optional(),
  variables: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/),
        value: z.array(variablePartSchema).nonempty(),
        systems: z.array(systemSchema).nonempty().optional(),
      }),
    )
    .optional(),
  linuxOnly: z.array(attributePath).optional(),
  finding: z
    .strictObject({
      code: z.string().regex(/^[a-z0-9-]+$/),
      severity: z.enum(['warning', 'info']),
      message: z.string(),
      hint: z.string().nullable(),
    })
    .optional(),
});

const nativeEntry = z.union([
  z.string(),
  z.strictObject({ versions: z.array(z.tuple([z.string(), z.union([nativeRow, z.string()])])).min(2) }),
  nativeRow,
]);

const table = z.strictObject({
  shared: z.record(z.string(), nativeRow),
  packages: z.record(z.string(), nativeEntry),
});

export const ecosystemSchema = z.strictObject({
  tools: z.array(tool),
  native: z.strictObject({
    ...byNativeEcosystem(() => table.optional()),
  }),
});
