/**
 * nidify as a library: the functions behind the commands, typed and without global state.
 *
 * @packageDocumentation
 */
export { type AnalyzeOptions, analyze, claimedPaths } from './analyze.ts';
export { predicateType, type Statement, statementOf } from './build/attestation.ts';
export {
  type BuildOptions,
  type Built,
  build,
  previewOf as previewBuild,
  systemOf,
} from './build/build.ts';
export { type CacheTarget, copyTo } from './build/cache.ts';
export { type BuilderProof, type Proof, prove } from './build/canary.ts';
export type { PathInfo } from './build/closure.ts';
export { defaultNixSettings, type NixSettings } from './build/nix.ts';
export type { Preview } from './build/realise.ts';
export type { BuiltEnvironment } from './build/types.ts';
export type { BaseData, EcosystemData } from './catalogue/data-types.ts';
export { catalogueFrom } from './catalogue/from.ts';
export { ecosystemIds, loadCatalogue } from './catalogue/load.ts';
export type { Catalogue } from './catalogue/types.ts';
export { type Clone, type CloneOptions, clone, withClone } from './clone/clone.ts';
export { type RemoteTree, type RemoteTreeOptions, remoteTreeSource } from './clone/remote-tree.ts';
export { type CloneUrl, parseCloneUrl } from './clone/url.ts';
export type { Config } from './config/schema.ts';
export { detectors } from './detect/registry.ts';
export type * from './detect/types.ts';
export { ExitCode, NidifyError } from './errors.ts';
export type {
  ChangedFile,
  EnvironmentChange,
  EnvironmentCurrent,
  EnvironmentEvent,
  EnvironmentUnknown,
} from './events/environment-change.ts';
export type { OnEvent, Phase, ProgressEvent } from './events/progress.ts';
export { adoptedPins } from './lock/adopt.ts';
export { lockOf } from './lock/make.ts';
export { parseLock } from './lock/read.ts';
export type { Lock, LockedLine, LockedPin } from './lock/types.ts';
export { changesOf, type InputChanges } from './plan/changes.ts';
export type { PlanContext } from './plan/context.ts';
export { makePlan as plan } from './plan/plan.ts';
export type * from './plan/schema.ts';
export type { FoundManifest, Registry } from './registry/types.ts';
export { type Integration, integrationsIn } from './render/ci/files.ts';
export { render } from './render/render.ts';
export type { GeneratedFile } from './render/types.ts';
export { directorySource } from './scan/directory.ts';
export { gitTreeSource } from './scan/git-tree.ts';
export { type ScanOptions, scan } from './scan/scan.ts';
export type { Entry, GitFacts, Inventory, Limits, Listing, ReadResult, Source } from './scan/types.ts';
export { type Sources, sourcesFrom } from './update/sources.ts';
export { findUpdate, type Update, type UpdateOptions, updatedLock } from './update/update.ts';
export { type Watching, type WatchOptions, watch } from './watch/watch.ts';
export type { GivenOptions as KubernetesOptions } from './worker/read-options.ts';
export type { Currency } from './worker-image/currency.ts';
export { environmentDigest, normalizedUrl, repositoryHash, tagsOf } from './worker-image/identity.ts';
export type { Builder, BuilderName, BuildResult, WantedLayers } from './worker-image/types.ts';
export {
  type BuildWorkerOptions,
  type KubernetesManifests,
  openWorker,
  type Worker,
  type WorkerOptions,
} from './worker-image/worker.ts';
export { type ChangeState, type CheckOptions, type CheckResult, check } from './write/check.ts';
export { type CleanOptions, type CleanResult, clean } from './write/clean.ts';
export { diffOf } from './write/diff.ts';
export { lockedIn } from './write/locked.ts';
export { type WriteOptions, type WriteState, type WrittenFile, write } from './write/write.ts';
