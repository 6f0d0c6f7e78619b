/**
 * What the specification of devcontainers allows: https://containers.dev/implementors/json_reference/, as far as
 * it is written here. Strict: a property that is in neither form fails.
 */
import { z } from 'zod';

const text = z.string().min(1);
const command = z.union([text, z.array(text), z.record(z.string(), z.union([text, z.array(text)]))]);

const common = {
  name: text,
  features: z.record(
    z.string().regex(/^[a-z0-9.-]+(\/[a-z0-9._-]+)+:\d+$/),
    z.record(z.string(), z.union([z.string(), z.boolean()])),
  ),
  remoteUser: text,
  overrideCommand: z.boolean(),
  updateRemoteUserUID: z.boolean(),
  userEnvProbe: z.enum(['none', 'loginShell', 'loginInteractiveShell', 'interactiveShell']),
  onCreateCommand: command,
  updateContentCommand: command,
  postStartCommand: command,
  forwardPorts: z.array(z.int().min(1).max(65_535)),
  secrets: z.record(
    z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/),
    z.strictObject({ description: text.optional(), documentationUrl: z.url().optional() }),
  ),
  customizations: z.record(z.string(), z.record(z.string(), z.unknown())),
};
type Common = { [K in keyof typeof common]: z.ZodOptional<(typeof common)[K]> };
const optional = Object.fromEntries(
  Object.entries(common).map(([name, schema]) => [name, schema.optional()]),
) as Common;

const ofDockerfile = z.strictObject({
  ...optional,
  build: z.strictObject({
    dockerfile: text,
    context: text.optional(),
    args: z.record(z.string(), z.string()).optional(),
  }),
  containerUser: text.optional(),
  containerEnv: z.record(z.string(), z.string()).optional(),
  runArgs: z.array(text).optional(),
  mounts: z
    .array(z.strictObject({ type: z.enum(['bind', 'volume']), source: text, target: text }))
    .optional(),
});

/** There users, variables and arguments are for the compose file to say. */
const ofCompose = z.strictObject({
  ...optional,
  dockerComposeFile: z.union([text, z.array(text)]),
  service: text,
  workspaceFolder: text,
});

export const devcontainerSchema = z.union([ofDockerfile, ofCompose]);
