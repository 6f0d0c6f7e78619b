import type { AnalyzeOptions } from '../analyze.ts';
import type { Catalogue } from '../catalogue/types.ts';
import type { Plan } from '../plan/schema.ts';
import type { Integration } from '../render/ci/files.ts';
import type { GeneratedFile, Placing } from '../render/types.ts';

/** The stages that commands call: a test may put its own in their place. */
export interface Stages {
  analyze(directory: string, options: AnalyzeOptions): Promise<Plan>;
  render(plan: Plan, wanted?: readonly Integration[], placing?: Placing): Promise<GeneratedFile[]>;
  /** Everything that is known of nixpkgs; null where there is no catalogue to ask. */
  catalogue(): Promise<Catalogue | null>;
}

/** The real ones, each loaded when it is called. */
export const stages: Stages = {
  async analyze(directory, options) {
    const { analyze } = await import('../analyze.ts');
    return analyze(directory, options);
  },
  async render(plan, wanted, placing) {
    const { render } = await import('../render/render.ts');
    return render(plan, wanted, placing);
  },
  async catalogue() {
    const { ecosystemIds, loadCatalogue } = await import('../catalogue/load.ts');
    return loadCatalogue(ecosystemIds);
  },
};
