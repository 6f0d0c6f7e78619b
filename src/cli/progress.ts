import { createProgress, type Report } from '../events/emitter.ts';
import type { OnEvent, Phase, ProgressEvent } from '../events/progress.ts';
import type { Context } from './context.ts';
import { dim } from './terminal/text.ts';
import { bytesText, durationText } from './terminal/units.ts';

const patienceMs = 1000;
/** Where lines stay, as in a log, a new one comes at most this often. */
const logPauseSeconds = 15;

/**
 * Says on standard error what takes longer than a second.
 *
 * @param work may tell what it is at now
 */
export function withProgress<T>(
  context: Context,
  phase: Phase,
  text: string,
  work: (tell: (text: string) => void) => Promise<T>,
): Promise<T> {
  return withEvents(context, (onEvent) =>
    createProgress(onEvent).phase(phase, text, (report: Report) => work(report.step)),
  );
}

/**
 * Shows events on standard error: the terminal's last line says what is happening now, a log gets a line now and
 * then, and `--progress json` every event as it is.
 *
 * @param work is given where its events go
 */
export async function withEvents<T>(
  { io, quiet, progress }: Context,
  work: (onEvent: OnEvent) => Promise<T>,
  options: { tellsFinished?: boolean } = {},
): Promise<T> {
  if (progress === 'json') return work((event) => io.err([[JSON.stringify(event)]]));
  if (quiet) return work(() => {});
  const isLog = progress === 'plain' || process.stderr.isTTY !== true;
  let current: ProgressEvent | null = null;
  let seconds = 0;
  let told: string | null = null;
  let toldAt = -logPauseSeconds;
  const tellOnce = () => {
    const step = current?.step ?? null;
    if (step === null || told === step || seconds - toldAt < logPauseSeconds) return;
    if (isLog) io.err([[dim(`${step} …`)]]);
    told = step;
    toldAt = seconds;
  };
  const show = () => {
    if (current === null || isLog) return;
    io.status(`${current.step}${amountOf(current)} … ${seconds} s`);
  };
  const timer = setInterval(() => {
    if (current === null) return;
    seconds++;
    tellOnce();
    show();
  }, patienceMs);
  const finish = ({ step, duration }: ProgressEvent) => {
    current = null;
    if (!isLog && seconds > 0) io.status(null);
    if (options.tellsFinished === true && (duration ?? 0) >= patienceMs) {
      io.err([[dim(`${step}: ${durationText(duration ?? 0)}`)]]);
    }
  };
  try {
    return await work((event) => {
      if (event.state === 'started') seconds = 0;
      if (event.state === 'finished') return finish(event);
      if (event.state === 'failed') return;
      current = event;
      if (seconds > 0) tellOnce();
      if (event.bytes !== null && seconds > 0) show();
    });
  } finally {
    clearInterval(timer);
    if (!isLog && seconds > 0) io.status(null);
  }
}

function amountOf({ percent, bytes }: ProgressEvent): string {
  if (bytes === null) return '';
  if (bytes.total === null) return `, ${bytesText(bytes.done)}`;
  return `, ${percent} % of ${bytesText(bytes.total)}`;
}
