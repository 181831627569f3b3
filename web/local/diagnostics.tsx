import { type ReactNode, useState } from 'react';
import { keyed } from '../study/actions.ts';
import { WORDS } from '../words.ts';
import type { PartId } from './local-keys.ts';
import type { LocalState } from './local-state.ts';

/** The device and the times, to copy into a question to us. No name, no path, no UID stands in it. */
export function Diagnostics({ state }: { state: LocalState }): ReactNode {
  const [isCopied, setCopied] = useState(false);
  const text = diagnosticsText(state);
  return (
    <details className="diagnostics">
      <summary id={'diagnostics' satisfies PartId} {...keyed('D')}>
        {state.deviceNote ?? WORDS.local.opening}
      </summary>
      <pre>{text}</pre>
      <button
        type="button"
        id={'copy-diagnostics' satisfies PartId}
        {...keyed('C')}
        onClick={async () => {
          await copy(text);
          setCopied(true);
        }}
      >
        {isCopied ? WORDS.local.copied : WORDS.local.diagnostics}
      </button>
    </details>
  );
}

export function diagnosticsText({ deviceNote, studies, told }: LocalState): string {
  const lines = [
    `Ichor ${import.meta.env.ICHOR_VERSION}`,
    `device: ${deviceNote ?? 'not opened'}`,
    `browser: ${navigator.userAgent}`,
    `cores: ${navigator.hardwareConcurrency}, cross-origin isolated: ${globalThis.crossOriginIsolated}, secure context: ${globalThis.isSecureContext}`,
    ...(told?.code === undefined ? [] : [`fault: ${told.code}`]),
  ];
  for (const { outcome } of studies) {
    if (outcome.kind === 'predicted') {
      const { series, timingsMs } = outcome.shown.prediction;
      const times = Object.entries(timingsMs).map(([step, ms]) => `${step} ${(ms / 1000).toFixed(1)} s`);
      lines.push(`predicted: ${series.slices} x ${series.rows} x ${series.columns}, ${times.join(', ')}`);
    } else if (outcome.kind === 'refused') {
      lines.push(`refused: ${outcome.checks.map(({ code }) => code).join(', ')}`);
    } else if (outcome.kind === 'failed') lines.push(`failed: ${outcome.code}`);
  }
  return lines.join('\n');
}

/** The clipboard of a plain http page is closed; the old way is not. */
async function copy(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text);
  const area = Object.assign(document.createElement('textarea'), { value: text });
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
