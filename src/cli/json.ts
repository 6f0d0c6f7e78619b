import type { Io } from './io.ts';
import type {
  BuildPreviewJson,
  BuildResultJson,
  CheckResultJson,
  CleanResultJson,
  DoctorResult,
  ExplainResult,
  Failure,
  GenerateResult,
  ImageResult,
  InitResult,
  UpdateResult,
  VerifyResult,
} from './results.ts';
import type { WorkerApplyResult, WorkerRenderResult, WorkerStatusResult } from './worker-results.ts';

type Result =
  | Failure
  | ExplainResult
  | GenerateResult
  | CheckResultJson
  | CleanResultJson
  | UpdateResult
  | InitResult
  | BuildResultJson
  | BuildPreviewJson
  | DoctorResult
  | ImageResult
  | VerifyResult
  | WorkerApplyResult
  | WorkerRenderResult
  | WorkerStatusResult;

/** Prints the result of a command for machines (`nidify schema result`). */
export function printResult(io: Io, result: Result): void {
  io.raw(`${JSON.stringify(result, null, 2)}\n`);
}
