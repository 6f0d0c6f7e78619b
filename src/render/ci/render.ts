import type { Plan } from '../../plan/schema.ts';
import type { GeneratedFile } from '../types.ts';
import { agentSetup } from './agent-setup.ts';
import { copilotSetup } from './copilot.ts';
import { type Integration, integrationFiles, integrations } from './files.ts';
import { gitlabJob } from './gitlab.ts';
import { forgejoWorkflow, githubWorkflow } from './workflow.ts';

/** The files of what was asked for, in one order whatever the order of asking. */
export function renderIntegrations(plan: Plan, wanted: readonly Integration[]): GeneratedFile[] {
  return integrations.filter((each) => wanted.includes(each)).flatMap((each) => renderers[each](plan));
}

const renderers: Record<Integration, (plan: Plan) => GeneratedFile[]> = {
  github: (plan) => [file(integrationFiles.github[0], githubWorkflow(plan))],
  gitlab: (plan) => [file(integrationFiles.gitlab[0], gitlabJob(plan, integrationFiles.gitlab[0]))],
  forgejo: (plan) => [file(integrationFiles.forgejo[0], forgejoWorkflow(plan))],
  agents: (plan) => {
    const [copilot, script] = integrationFiles.agents;
    return [
      file(copilot, copilotSetup(plan, copilot, script)),
      { path: script, text: agentSetup(plan), mode: 0o755 },
    ];
  },
};

function file(path: string, text: string): GeneratedFile {
  return { path, text, mode: 0o644 };
}
