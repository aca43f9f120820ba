import * as vscode from 'vscode';
import type { ErrorPlace } from '../../emulator/contract/errors.js';
import type { Feature, Services } from '../services.js';

/** What the emulator could not load, in the Problems view and at the place itself. */

interface Placed {
  readonly message: string;
  readonly hint?: string;
  readonly place?: ErrorPlace;
  readonly lastGoodServes?: boolean;
}

function problemsOf({ session }: Services): Placed[] {
  const { state, snapshot } = session;
  if (state.status === 'failed') return [...state.failure.issues];
  const all = [snapshot?.problem, ...(snapshot?.functions.map(({ problem }) => problem) ?? [])];
  return all.filter((problem) => problem !== undefined);
}

function diagnosticOf({ message, hint, place, lastGoodServes }: Placed): vscode.Diagnostic {
  const line = (place?.line ?? 1) - 1;
  const column = (place?.column ?? 1) - 1;
  // To the end of the line: the emulator knows where it begins only.
  const range = new vscode.Range(line, column, line, 1_000);
  const { Warning, Error: Wrong } = vscode.DiagnosticSeverity;
  const diagnostic = new vscode.Diagnostic(
    range,
    [message, hint].filter(Boolean).join('\n'),
    lastGoodServes ? Warning : Wrong,
  );
  diagnostic.source = 'Faultline';
  return diagnostic;
}

export const problems: Feature = {
  register(services) {
    const collection = vscode.languages.createDiagnosticCollection('faultline-problems');
    let drawn = '[]';
    const draw = (): void => {
      const placed = problemsOf(services).filter(({ place }) => place?.file !== undefined);
      const now = JSON.stringify(placed);
      if (now === drawn) return;
      drawn = now;
      collection.clear();
      for (const file of new Set(placed.map(({ place }) => place?.file ?? '')))
        collection.set(vscode.Uri.file(file), placed.filter(({ place }) => place?.file === file).map(diagnosticOf));
    };
    services.own(
      collection,
      { dispose: services.session.on('state', draw) },
      { dispose: services.session.on('snapshot', draw) },
    );
  },
};
