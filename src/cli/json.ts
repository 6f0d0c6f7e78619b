import type { Io } from './io.ts';
import type {
  BuildPreviewJson,
  BuildResultJson,
  CheckResultJson,
  CleanResultJson,
  CurrencyResult,
  DoctorResult,
  ExplainResult,
  Failure,
  GenerateResult,
  ImageResult,
  InitResult,
  UpdateResult,
  VerifyResult,
  WorkerImageResult,
} from './results/index.ts';
import type { WorkerApplyResult, WorkerRenderResult, WorkerStatusResult } from './results/worker.ts';

type Result =
  | WorkerApplyResult
  | WorkerRenderResult
  | WorkerStatusResult
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
  | WorkerImageResult
  | CurrencyResult
  | VerifyResult;

/** Prints the result of a command for machines (`nidify schema result`). */
export function printResult(io: Io, result: Result): void {
  io.raw(`${JSON.stringify(result, null, 2)}\n`);
}
