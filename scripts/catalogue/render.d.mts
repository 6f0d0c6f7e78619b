import type { Compiled } from './compile.d.mts';

export function render(compiled: Compiled): Map<string, string>;
