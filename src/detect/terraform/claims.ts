import type { Claims } from '../../scan/types.ts';
import { versionFileClaims } from '../shared/version-files.ts';

/** Version files of tfenv, tenv, tfswitch and tgenv, by the tool that they are for. */
export const terraformVersionFiles = {
  terraform: ['.terraform-version', '.tfswitchrc'],
  opentofu: ['.opentofu-version'],
  terragrunt: ['.terragrunt-version', '.tgswitchrc'],
} as const;

/** Configuration is a program: what of it says nothing of the environment is no input. */
export const terraformClaims: Claims = {
  names: [
    ...terraformVersionFiles.terraform,
    ...terraformVersionFiles.opentofu,
    ...terraformVersionFiles.terragrunt,
    ...versionFileClaims.names,
  ],
  suffixes: versionFileClaims.suffixes,
  locks: ['.terraform.lock.hcl'],
  // Workflows, which may set up one of the programs, are read for containers: alone they announce nothing.
  hints: { names: ['terragrunt.hcl', 'root.hcl'], endings: ['.tf', '.tofu'] },
  versionTools: ['terraform', 'opentofu', 'tofu', 'terragrunt'],
};
