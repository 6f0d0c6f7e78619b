/**
 * The plan: the one door between analysing and everything that is made from it.
 *
 * Additions keep `schemaVersion`; readers ignore unknown fields. This module loads zod: code on the way
 * of `analyze` imports its types only.
 */
import { z } from 'zod';

export const planSchemaVersion = 1;

/** Why something was decided: a line of the repository and the rule that read it. */
export const evidenceSchema = z.object({
  file: z.string().meta({ description: 'Path from the root, with forward slashes' }),
  line: z
    .int()
    .positive()
    .nullable()
    .meta({ description: 'First line of the evidence; null for a whole file' }),
  text: z.string().meta({ description: 'The line, shortened, redacted where it looks like a secret' }),
  rule: z.string().meta({ description: 'Stable id of the rule, such as node/engines' }),
});

const because = z.array(evidenceSchema);

export const severitySchema = z.enum(['error', 'warning', 'info']);

export const findingSchema = z.object({
  code: z.string().meta({ description: 'Stable, kebab-case' }),
  severity: severitySchema,
  message: z.string(),
  hint: z.string().nullable(),
  because,
});

export const systemSchema = z.enum(['x86_64-linux', 'aarch64-linux', 'aarch64-darwin', 'x86_64-darwin']);

/** How much is known of an attribute: see docs/catalogue.md. */
export const gradeSchema = z.enum(['confirmed', 'interpolated', 'inferred', 'unverified']);

const pinned = {
  key: z.string().meta({ description: 'Unique within the plan; environments refer to it' }),
  attribute: z.string().meta({ description: 'Attribute path below the input, such as libpq.pg_config' }),
  input: z.string().meta({ description: 'Name of the input in nixpkgs[]' }),
  systems: z.array(systemSchema).nullable().meta({ description: 'Only on these systems; null for all' }),
  grade: gradeSchema,
  because,
};

const versioned = {
  ...pinned,
  id: z.string().meta({ description: 'Canonical id, such as node' }),
  version: z.string().nullable().meta({ description: 'As exact as it is known' }),
  precision: z.enum(['exact', 'minor', 'line']),
  requested: z.string().nullable().meta({ description: 'As the repository states it' }),
  match: z.enum(['exact', 'compatible', 'assumed', 'nearest', 'default']),
  status: z.enum(['supported', 'end-of-life', 'insecure']),
};

/** What a toolchain is composed with, by its name in the toolchain's own set: `imagick` of PHP. */
export const extensionSchema = z.object({ name: z.string(), grade: gradeSchema, because });

export const toolchainSchema = z.object({
  ...versioned,
  extensions: z
    .array(extensionSchema)
    .optional()
    .meta({ description: 'What it is composed with, beyond what it has by itself; absent: nothing' }),
  optional: z.boolean().meta({ description: 'Only an example or a test folder needs it' }),
});

export const packageManagerSchema = z.object({
  ...versioned,
  lockfile: z.string().nullable(),
  runsOn: z.string().nullable().meta({ description: 'Id of the toolchain that must run it: node for yarn' }),
  bundledWith: z
    .string()
    .nullable()
    .meta({ description: 'Key of the toolchain that brings it (npm, pip, cargo)' }),
});

export const librarySchema = z.object({ ...pinned, use: z.enum(['link', 'dlopen']) });
export const toolSchema = z.object({ ...pinned });

/** Literal text, or a path inside a package of the plan. */
export const variablePartSchema = z.union([
  z.string(),
  z.object({
    package: z.string(),
    path: z.string(),
    attribute: z
      .string()
      .optional()
      .meta({ description: 'An attribute of the package that holds the folder: home of a JDK' }),
  }),
]);

export const environmentVariableSchema = z.object({
  name: z.string(),
  value: z.array(variablePartSchema).meta({ description: 'Parts, concatenated' }),
  systems: z.array(systemSchema).nullable(),
  because,
});

export const hookSchema = z.object({
  id: z.string().meta({ description: 'Which shell hook the layout contains, such as unset-tmpdir' }),
  because,
});

export const environmentSchema = z.object({
  name: z.string(),
  projects: z.array(z.string()),
  base: z.string().meta({ description: 'The input that gives mkShell, compiler and libraries' }),
  compiler: z.string().meta({ description: '"none", "default" or an attribute such as gcc14Stdenv' }),
  packages: z.array(z.string()).meta({ description: 'Keys, in the order of PATH' }),
  variables: z.array(environmentVariableSchema),
  libraryPath: z.array(z.string()).meta({ description: 'Keys of libraries that are loaded at run time' }),
  hardeningDisable: z.array(z.string()),
  hooks: z.array(hookSchema),
});

export const inputSchema = z.object({
  input: z.string(),
  channel: z.string(),
  rev: z.string(),
  narHash: z.string(),
  lastModified: z.int().nonnegative(),
  minimumNix: z.string(),
  permit: z.object({
    unfree: z.array(z.string()).meta({ description: 'Package names, as lib.getName gives them' }),
    insecure: z.array(z.string()),
  }),
  because,
});

export const serviceSchema = z.object({
  id: z.string(),
  version: z.string().nullable().meta({ description: 'As the repository states it' }),
  port: z.int().nullable().meta({ description: 'Where the application expects it' }),
  user: z
    .string()
    .optional()
    .meta({ description: 'Who the application logs in as; absent where nothing says it' }),
  database: z.string().optional().meta({ description: 'Name of its database; absent where nothing says it' }),
  package: z
    .object(versioned)
    .optional()
    .meta({ description: 'What runs it without containers: `services up`; absent where nothing does' }),
  because,
});

export const applicationVariableSchema = z.object({
  name: z.string(),
  value: z.string().nullable(),
  required: z.boolean(),
  because,
});

export const commandsSchema = z.object({
  install: z.string().nullable(),
  build: z.string().nullable(),
  test: z.string().nullable(),
  start: z.string().nullable(),
  dev: z.string().nullable(),
  lint: z.string().nullable(),
});

export const projectSchema = z.object({
  path: z.string().meta({ description: 'From the root; "." is the root' }),
  name: z.string().nullable(),
  environment: z.string(),
  languages: z.array(z.string()),
  frameworks: z.array(z.string()),
  packageManager: z.string().nullable(),
  commands: commandsSchema,
  installs: z
    .array(z.object({ packageManager: z.string().nullable(), language: z.string(), command: z.string() }))
    .optional()
    .meta({ description: 'The parts of `install`, where several ecosystems install their own dependencies' }),
  ports: z.array(z.int()),
  because,
});

/** What is built of a project, hermetically: only where its lock file has a hash of everything. */
export const builtPackageSchema = z.object({
  project: z.string().meta({ description: 'Path of the project; its folder is the source' }),
  kind: z.enum(['npm', 'cargo', 'go']),
  name: z.string().meta({ description: 'Name of the derivation' }),
  version: z.string(),
  toolchain: z.string().meta({ description: 'Key of what builds it; its input gives the builder' }),
  lockfile: z.string().nullable().meta({ description: 'The file with the hashes; null: it fetches nothing' }),
  build: z
    .string()
    .nullable()
    .meta({ description: 'The command, for people; null where nothing is to be built' }),
  test: z.string().nullable().meta({ description: 'The command, for people; null where there are no tests' }),
  nativeBuildInputs: z.array(z.string()).meta({ description: 'Keys of programs that the build starts' }),
  buildInputs: z.array(z.string()).meta({ description: 'Keys of libraries that it links' }),
  variables: z
    .array(environmentVariableSchema.pick({ name: true, value: true }))
    .optional()
    .meta({ description: 'What its dependencies want in the environment of the build' }),
  because,
});

export const networkSchema = z.object({
  build: z.enum(['host', 'bridge', 'none']),
  run: z.enum(['host', 'bridge', 'none']),
});

export const nestedContainerSchema = z.object({
  kind: z.string(),
  version: z.string().nullable(),
  network: networkSchema,
  because,
});

/** Which engine runs the containers: rootless in the container, for gVisor, or one beside it. */
export const profileSchema = z.enum(['rootless', 'gvisor', 'sidecar']);

export const askedSchema = z.object({
  kind: z.enum(['nix', 'container']).optional(),
  profile: profileSchema.optional(),
  toolchain: z.enum(['nix', 'features']).optional(),
});

export const targetSchema = z.object({
  kind: z.enum(['nix', 'container']),
  profile: profileSchema.nullable(),
  network: networkSchema.nullable(),
  asked: askedSchema
    .optional()
    .meta({ description: 'What a command asked for, and later runs keep; absent where evidence decided' }),
  because,
});

export const containerSchema = z
  .object({
    folder: z.enum(['.devcontainer', '.devcontainer/nidify']).meta({ description: 'Where its files are' }),
    policy: z.enum(['on', 'off']).meta({ description: 'Clients reach the engine through a policy' }),
    toolchain: z
      .enum(['nix', 'features'])
      .meta({ description: 'Where programs come from: the environment, or devcontainer features' }),
    prewarm: z
      .array(z.string())
      .optional()
      .meta({ description: 'Images that Docker pulls as soon as it is ready' }),
    features: z
      .array(z.object({ id: z.string(), options: z.record(z.string(), z.union([z.string(), z.boolean()])) }))
      .optional()
      .meta({ description: 'Devcontainer features with their options, where programs come from them' }),
    images: z.array(
      z.object({
        key: z.literal('base'),
        reference: z.string().meta({ description: 'Registry, repository and tag' }),
        digest: z
          .string()
          .nullable()
          .meta({ description: 'sha256:…; null until `update` asked the registry' }),
      }),
    ),
  })
  .meta({ description: 'How the image of the container target is made' });

export const planSchema = z.object({
  schemaVersion: z.literal(planSchemaVersion),
  generator: z.object({ name: z.string(), version: z.string() }),
  repository: z.object({
    name: z.string(),
    source: z
      .object({ url: z.string().nullable(), branch: z.string().nullable(), commit: z.string().nullable() })
      .nullable()
      .meta({ description: 'null outside git; part of no digest' }),
    inputs: z.array(
      z.object({
        path: z.string(),
        blob: z
          .string()
          .nullable()
          .meta({ description: 'Git blob id; null where only its presence matters' }),
      }),
    ),
    digest: z.string().meta({ description: 'sha256-… over inputs, configuration and catalogue version' }),
  }),
  target: targetSchema,
  container: containerSchema.optional().meta({ description: 'Absent unless the target is a container' }),
  systems: z.array(systemSchema),
  nixpkgs: z.array(inputSchema),
  toolchains: z.array(toolchainSchema),
  packageManagers: z.array(packageManagerSchema),
  libraries: z.array(librarySchema),
  tools: z.array(toolSchema),
  services: z.array(serviceSchema),
  processCompose: z
    .literal(true)
    .optional()
    .meta({ description: 'A process-compose.yaml is wanted; absent where it is not' }),
  environments: z.array(environmentSchema),
  variables: z.array(applicationVariableSchema),
  projects: z.array(projectSchema),
  nestedContainers: z.array(nestedContainerSchema),
  project: z
    .string()
    .optional()
    .meta({ description: 'Path of the project that this was asked for alone; absent where it is for all' }),
  packages: z
    .array(builtPackageSchema)
    .optional()
    .meta({ description: 'What is built; absent unless it was asked for' }),
  findings: z.array(findingSchema),
});

export type Evidence = z.infer<typeof evidenceSchema>;
export type Finding = z.infer<typeof findingSchema>;
export type Severity = z.infer<typeof severitySchema>;
export type System = z.infer<typeof systemSchema>;
export type Grade = z.infer<typeof gradeSchema>;
export type Extension = z.infer<typeof extensionSchema>;
export type Toolchain = z.infer<typeof toolchainSchema>;
export type PackageManager = z.infer<typeof packageManagerSchema>;
export type Library = z.infer<typeof librarySchema>;
export type Tool = z.infer<typeof toolSchema>;
export type VariablePart = z.infer<typeof variablePartSchema>;
export type EnvironmentVariable = z.infer<typeof environmentVariableSchema>;
export type Hook = z.infer<typeof hookSchema>;
export type Environment = z.infer<typeof environmentSchema>;
export type Input = z.infer<typeof inputSchema>;
export type Service = z.infer<typeof serviceSchema>;
export type ApplicationVariable = z.infer<typeof applicationVariableSchema>;
export type Commands = z.infer<typeof commandsSchema>;
export type Project = z.infer<typeof projectSchema>;
export type BuiltPackage = z.infer<typeof builtPackageSchema>;
export type Network = z.infer<typeof networkSchema>;
export type NestedContainer = z.infer<typeof nestedContainerSchema>;
export type Container = z.infer<typeof containerSchema>;
export type Asked = z.infer<typeof askedSchema>;
export type Target = z.infer<typeof targetSchema>;
export type Plan = z.infer<typeof planSchema>;
