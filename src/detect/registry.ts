/** Every ecosystem. To add one: a folder beside these, and a row here. */
import { bunClaims } from './bun/claims.ts';
import { containerClaims } from './containers/claims.ts';
import { denoClaims } from './deno/claims.ts';
import { dotnetClaims } from './dotnet/claims.ts';
import { elixirClaims } from './elixir/claims.ts';
import { erlangClaims } from './erlang/claims.ts';
import { gleamClaims } from './gleam/claims.ts';
import { goClaims } from './go/claims.ts';
import { nodeClaims } from './node/claims.ts';
import { pythonClaims } from './python/claims.ts';
import { rustClaims } from './rust/claims.ts';
import { taskClaims } from './tasks/claims.ts';
import type { Detector } from './types.ts';

export const detectors: readonly Detector[] = [
  { id: 'node', claims: nodeClaims, load: async () => (await import('./node/detect.ts')).detectNode },
  { id: 'bun', claims: bunClaims, load: async () => (await import('./bun/detect.ts')).detectBun },
  { id: 'deno', claims: denoClaims, load: async () => (await import('./deno/detect.ts')).detectDeno },
  { id: 'python', claims: pythonClaims, load: async () => (await import('./python/detect.ts')).detectPython },
  { id: 'go', claims: goClaims, load: async () => (await import('./go/detect.ts')).detectGo },
  { id: 'rust', claims: rustClaims, load: async () => (await import('./rust/detect.ts')).detectRust },
  // Before Elixir: what both can build is written in Erlang.
  { id: 'erlang', claims: erlangClaims, load: async () => (await import('./erlang/detect.ts')).detectErlang },
  { id: 'elixir', claims: elixirClaims, load: async () => (await import('./elixir/detect.ts')).detectElixir },
  { id: 'gleam', claims: gleamClaims, load: async () => (await import('./gleam/detect.ts')).detectGleam },
  { id: 'dotnet', claims: dotnetClaims, load: async () => (await import('./dotnet/detect.ts')).detectDotnet },
  { id: 'tasks', claims: taskClaims, load: async () => (await import('./tasks/detect.ts')).detectTasks },
  {
    id: 'containers',
    claims: containerClaims,
    load: async () => (await import('./containers/detect.ts')).detectContainers,
  },
];
