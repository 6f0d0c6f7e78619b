/** Every ecosystem. To add one: a folder beside these, and a row here. */
import { adaClaims } from './ada/claims.ts';
import { bunClaims } from './bun/claims.ts';
import { cobolLast } from './cobol/claims.ts';
import { containerClaims } from './containers/claims.ts';
import { dartClaims } from './dart/claims.ts';
import { denoClaims } from './deno/claims.ts';
import { environmentClaims } from './environments/claims.ts';
import { fortranClaims } from './fortran/claims.ts';
import { goClaims } from './go/claims.ts';
import { nodeClaims } from './node/claims.ts';
import { protobufClaims, protobufLast } from './protobuf/claims.ts';
import { pythonClaims } from './python/claims.ts';
import { rustClaims } from './rust/claims.ts';
import { schemeClaims, schemeLast } from './scheme/claims.ts';
import { shellLast } from './shell/claims.ts';
import { siteClaims } from './sites/claims.ts';
import { staticLast } from './static/claims.ts';
import { swiftClaims } from './swift/claims.ts';
import { taskClaims } from './tasks/claims.ts';
import { terraformClaims } from './terraform/claims.ts';
import type { Detector } from './types.ts';

export const detectors: readonly Detector[] = [
  { id: 'node', claims: nodeClaims, load: async () => (await import('./node/detect.ts')).detectNode },
  { id: 'bun', claims: bunClaims, load: async () => (await import('./bun/detect.ts')).detectBun },
  { id: 'deno', claims: denoClaims, load: async () => (await import('./deno/detect.ts')).detectDeno },
  // Before Go, whose module file is where Hugo keeps its own modules.
  { id: 'sites', claims: siteClaims, load: async () => (await import('./sites/detect.ts')).detectSites },
  { id: 'python', claims: pythonClaims, load: async () => (await import('./python/detect.ts')).detectPython },
  { id: 'go', claims: goClaims, load: async () => (await import('./go/detect.ts')).detectGo },
  { id: 'rust', claims: rustClaims, load: async () => (await import('./rust/detect.ts')).detectRust },
  {
    id: 'terraform',
    claims: terraformClaims,
    load: async () => (await import('./terraform/detect.ts')).detectTerraform,
  },
  { id: 'dart', claims: dartClaims, load: async () => (await import('./dart/detect.ts')).detectDart },
  { id: 'swift', claims: swiftClaims, load: async () => (await import('./swift/detect.ts')).detectSwift },
  {
    id: 'fortran',
    claims: fortranClaims,
    load: async () => (await import('./fortran/detect.ts')).detectFortran,
  },
  { id: 'ada', claims: adaClaims, load: async () => (await import('./ada/detect.ts')).detectAda },
  {
    id: 'protobuf',
    claims: protobufClaims,
    last: protobufLast,
    load: async () => (await import('./protobuf/detect.ts')).detectProtobuf,
  },
  {
    id: 'scheme',
    claims: schemeClaims,
    last: schemeLast,
    load: async () => (await import('./scheme/detect.ts')).detectScheme,
  },
  {
    id: 'cobol',
    claims: {},
    last: cobolLast,
    load: async () => (await import('./cobol/detect.ts')).detectCobol,
  },
  {
    id: 'static',
    claims: {},
    last: staticLast,
    load: async () => (await import('./static/detect.ts')).detectStatic,
  },
  {
    id: 'shell',
    claims: {},
    last: shellLast,
    load: async () => (await import('./shell/detect.ts')).detectShell,
  },
  {
    id: 'environments',
    claims: environmentClaims,
    load: async () => (await import('./environments/detect.ts')).detectEnvironments,
  },
  { id: 'tasks', claims: taskClaims, load: async () => (await import('./tasks/detect.ts')).detectTasks },
  {
    id: 'containers',
    claims: containerClaims,
    load: async () => (await import('./containers/detect.ts')).detectContainers,
  },
];
