/** `nidify.jsonc`: what a person decides against the evidence. Everything in it is optional. */
import { z } from 'zod';
import { networkSchema, profileSchema, systemSchema } from '../plan/schema.ts';
import { highestLimits } from '../scan/limits.ts';
import { imageReference, pullableImage } from '../text/image-reference.ts';

/** An attribute path of nixpkgs, dotted; syntax only: whether it exists is the catalogue's to say. */
export const attributePath = z
  .string()
  .regex(
    /^[A-Za-z_][A-Za-z0-9_'-]*(\.[A-Za-z_0-9][A-Za-z0-9_'-]*)*$/,
    'an attribute path such as "jq" or "libpq.pg_config"',
  );

/** The attribute of a standard environment: a compiler alone (`gcc`) cannot replace one. */
const standardEnvironment = attributePath.regex(
  /(^|\.)([A-Za-z0-9]\w*S|s)tdenv$/,
  'a standard environment such as "gcc14Stdenv" or "llvmPackages_18.stdenv"',
);

/** No range: a version, its beginning, or the name of a line (`22.12`, `3.12`, `pypy3.11`, `lts/jod`). */
const versionText = z
  .string()
  .regex(/^[A-Za-z0-9][\w.+/*-]*$/, 'a version or its beginning, such as "22" or "3.12"');

/** Names that a variable of the environment may have: identifiers of the shell. */
export const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'not a name that a shell can set');

/** A day, in seconds. */
export const longestTimeout = 86_400;

/** A number of bytes with a unit, powers of 1024. */
const sizeText = z.string().regex(/^\d+(\.\d+)?\s*[KMGTkmgt]?([iI]?[bB])?$/, 'a size such as "512M" or "4G"');

const globs = z.array(z.string());

export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  channel: z.string().optional().meta({ description: 'Main nixpkgs channel, such as nixos-26.05' }),
  systems: z.array(systemSchema).nonempty().optional().meta({ description: 'Systems of the flake' }),
  target: z.enum(['auto', 'nix', 'container']).optional(),
  container: z
    .strictObject({
      profile: profileSchema
        .optional()
        .meta({ description: 'Engine: rootless in the container, for gVisor, or one beside it' }),
      network: z
        .strictObject({
          build: networkSchema.shape.build.optional(),
          run: networkSchema.shape.run.optional(),
        })
        .optional()
        .meta({ description: 'Of the containers that the project runs, instead of what they ask for' }),
      policy: z
        .enum(['on', 'off'])
        .optional()
        .meta({ description: 'Clients of Docker reach its engine through a policy' }),
      toolchain: z
        .enum(['nix', 'features'])
        .optional()
        .meta({ description: 'Where programs come from: Nix, or devcontainer features' }),
      base: z
        .string()
        .regex(imageReference, 'an image with its registry, such as "docker.io/library/debian:trixie-slim"')
        .optional()
        .meta({ description: 'The image that it is built upon: a Debian' }),
      prewarm: z
        .array(z.string().regex(pullableImage, 'an image such as "postgres:16-alpine"'))
        .optional()
        .meta({ description: 'Images that Docker pulls as soon as it is ready' }),
    })
    .optional()
    .meta({ description: 'How a container serves the project, where the target is one' }),
  versions: z
    .record(z.string(), versionText)
    .optional()
    .meta({ description: 'Version (or its beginning) per toolchain or package manager: { "node": "22" }' }),
  packages: z
    .strictObject({ add: z.array(attributePath).optional(), remove: z.array(z.string()).optional() })
    .optional()
    .meta({ description: 'Programs on PATH, by nixpkgs attribute; remove also takes keys of the plan' }),
  libraries: z
    .strictObject({ add: z.array(attributePath).optional(), remove: z.array(z.string()).optional() })
    .optional()
    .meta({ description: 'Libraries to link against' }),
  services: z
    .strictObject({
      add: z.array(z.string()).optional(),
      remove: z.array(z.string()).optional(),
      processCompose: z.boolean().optional(),
    })
    .optional()
    .meta({ description: 'Servers that the shell can start (`services up`), by id: postgresql, redis' }),
  compiler: standardEnvironment
    .optional()
    .meta({ description: 'Standard environment of the C compiler, such as gcc14Stdenv or clangStdenv' }),
  env: z.record(variableName, z.string()).optional().meta({ description: 'Variables of the environment' }),
  ignore: globs
    .optional()
    .meta({ description: 'Folders or files (gitignore patterns) that are no evidence' }),
  disable: z.array(z.string()).optional().meta({ description: 'Ecosystems that are not looked for' }),
  limits: z
    .strictObject({
      entries: z.int().positive().max(highestLimits.entries).optional(),
      depth: z.int().positive().max(highestLimits.depth).optional(),
      fileBytes: z.int().positive().max(highestLimits.fileBytes).optional(),
      lockFileBytes: z.int().positive().max(highestLimits.lockFileBytes).optional(),
      totalBytes: z.int().positive().max(highestLimits.totalBytes).optional(),
    })
    .optional()
    .meta({ description: 'Bounds of the scan' }),
  build: z
    .strictObject({
      timeout: z
        .number()
        .positive()
        .max(longestTimeout)
        .optional()
        .meta({ description: 'Seconds, of each derivation and of the whole' }),
      memory: sizeText.optional().meta({ description: 'Of each process that builds, such as "4G"' }),
      installSize: sizeText.optional().meta({
        description: 'Of all files that installing dependencies for an image writes, such as "64G"',
      }),
      installFiles: z
        .int()
        .positive()
        .optional()
        .meta({ description: 'Number of files that installing dependencies for an image writes' }),
    })
    .optional()
    .meta({ description: 'Bounds of building, where neither an option nor a variable says them' }),
});

export type Config = z.infer<typeof configSchema>;
