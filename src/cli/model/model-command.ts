import { Command } from 'commander';
import { readWhole } from '../../files/index.ts';
import { type ModelCard, readModel } from '../../network/index.ts';
import { printText } from '../terminal/print.ts';
import { calibrateCommand } from './calibrate-command.ts';
import { compareCommand } from './compare-command.ts';
import { exportCommand } from './export-command.ts';
import { quantizeCommand } from './quantize-command.ts';

/** `ichor model info | export | quantize | compare | calibrate`. */
export function modelCommand(): Command {
  const model = new Command('model')
    .description('Model files: their cards, and what is made from them.')
    .addHelpText('after', '\nExample:\n  ichor model info models/default.onnx');
  model
    .command('info')
    .exitOverride()
    .description("Prints a model file's card.")
    .argument('<FILE>', 'model file')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  ichor model info models/default.onnx')
    .action(async (file: string, { json }: { json?: boolean }) => {
      const { card } = readModel(await readWhole(file), file);
      printText(json ? `${JSON.stringify(card, undefined, 2)}\n` : cardText(card));
    });
  for (const command of [exportCommand, quantizeCommand, compareCommand, calibrateCommand])
    model.addCommand(command().exitOverride());
  return model;
}

function cardText(card: ModelCard): string {
  const { cnn, preprocessing, features, hidden, supervision, sharedCnn } = card.network;
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  - ${line}`)];
  const lines = [
    card.name,
    card.description,
    card.intendedUse,
    ...list(
      'Measured',
      card.performance.map(({ figure, value, measured }) => `${figure}: ${value} [${measured}]`),
    ),
    ...list(
      'Calibration, beside the plain probabilities',
      (card.calibration ?? []).map(
        (c) =>
          `${c.class}: ${c.kind}, slope ${c.slope.toFixed(3)}, intercept ${c.intercept.toFixed(3)}; reaches 0.5 at a plain ${c.impliedThreshold.toFixed(3)} [${c.fittedOn}]`,
      ),
    ),
    ...list('Limits', card.limits),
    ...list('Network', [
      `CNN ${cnn}, preprocessing ${preprocessing}, ${features} features, ${sharedCnn ? 'one CNN for both networks' : 'a CNN each'}`,
      `two bidirectional GRU layers of ${hidden}, ${supervision}`,
      `positive from ${card.operatingPoint} on`,
    ]),
    ...list('Differences from the paper', card.differencesFromPaper),
    ...list('Data', card.data),
    ...list('Attribution', card.attribution),
    '',
    `Licence: ${card.licence}`,
  ];
  return `${lines.join('\n')}\n`;
}
