/** Every ecosystem. To add one: a folder beside these, and a row here. */
import { binderClaims } from './binder/claims.ts';
import { bunClaims } from './bun/claims.ts';
import { condaClaims } from './conda/claims.ts';
import { containerClaims } from './containers/claims.ts';
import { denoClaims } from './deno/claims.ts';
import { goClaims } from './go/claims.ts';
import { juliaClaims } from './julia/claims.ts';
import { latexClaims } from './latex/claims.ts';
import { luaClaims } from './lua/claims.ts';
import { nodeClaims } from './node/claims.ts';
import { notebookClaims } from './notebooks/claims.ts';
import { perlClaims } from './perl/claims.ts';
import { pythonClaims } from './python/claims.ts';
import { rClaims } from './r/claims.ts';
import { rustClaims } from './rust/claims.ts';
import { taskClaims } from './tasks/claims.ts';
import type { Detector } from './types.ts';

export const detectors: readonly Detector[] = [
  { id: 'node', claims: nodeClaims, load: async () => (await import('./node/detect.ts')).detectNode },
  { id: 'bun', claims: bunClaims, load: async () => (await import('./bun/detect.ts')).detectBun },
  { id: 'deno', claims: denoClaims, load: async () => (await import('./deno/detect.ts')).detectDeno },
  // Before Python: where an environment decides, its commands do.
  { id: 'conda', claims: condaClaims, load: async () => (await import('./conda/detect.ts')).detectConda },
  { id: 'python', claims: pythonClaims, load: async () => (await import('./python/detect.ts')).detectPython },
  { id: 'go', claims: goClaims, load: async () => (await import('./go/detect.ts')).detectGo },
  { id: 'rust', claims: rustClaims, load: async () => (await import('./rust/detect.ts')).detectRust },
  { id: 'r', claims: rClaims, load: async () => (await import('./r/detect.ts')).detectR },
  { id: 'julia', claims: juliaClaims, load: async () => (await import('./julia/detect.ts')).detectJulia },
  { id: 'perl', claims: perlClaims, load: async () => (await import('./perl/detect.ts')).detectPerl },
  { id: 'lua', claims: luaClaims, load: async () => (await import('./lua/detect.ts')).detectLua },
  { id: 'latex', claims: latexClaims, load: async () => (await import('./latex/detect.ts')).detectLatex },
  { id: 'binder', claims: binderClaims, load: async () => (await import('./binder/detect.ts')).detectBinder },
  {
    id: 'notebooks',
    claims: notebookClaims,
    load: async () => (await import('./notebooks/detect.ts')).detectNotebooks,
  },
  { id: 'tasks', claims: taskClaims, load: async () => (await import('./tasks/detect.ts')).detectTasks },
  {
    id: 'containers',
    claims: containerClaims,
    load: async () => (await import('./containers/detect.ts')).detectContainers,
  },
];
