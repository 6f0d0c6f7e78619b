import type { Fact } from './compare.d.mts';
import type { Compiled } from './compile.d.mts';

export function factsByChannel(compiled: Compiled): Map<string, Fact[]>;
