/** The triage service: who sends, what is held, what is predicted next, and what is told of it. */

// The DICOM network

export type {
  DicomProvider,
  DicomProviderOptions,
} from './dicom-network/provider.ts';
export { listenForDicom } from './dicom-network/provider.ts';
export type { DicomPeer, ObjectKind, ObjectToSend, RequestedAssociation } from './dicom-network/requester.ts';
export { openAssociation } from './dicom-network/requester.ts';

// A scanner that is simulated

export type { StudyToSend } from './scanner/phantom-study.ts';
export { phantomStudy } from './scanner/phantom-study.ts';
export { scannerLines } from './scanner/scanner-lines.ts';
export { sendStudy } from './scanner/send-study.ts';
export type { ScannerPlan, ScannerRun } from './scanner/simulate-scanner.ts';
export { simulateScanner, USUAL_SCANNER } from './scanner/simulate-scanner.ts';

// Results to destinations

export { startDelivering } from './delivery/deliverer.ts';
export type { Destination } from './delivery/destinations.ts';
export { signatureOf } from './delivery/send-webhook.ts';

// When a study is complete

export type { PulledArchive } from './intake/archive-questions.ts';
export type { Intake } from './intake/intake.ts';
export { createIntake } from './intake/intake.ts';
export { pullFrom } from './intake/pull.ts';
export type { WatchedFolder } from './intake/watched-folder.ts';
export { watchFolders } from './intake/watched-folder.ts';

// What they did

export { openAudit } from './audit/audit.ts';
export type { NumberedEntry } from './audit/audit-file.ts';
export { readAudit, verifyAudit } from './audit/audit-file.ts';

// Who may use it

export type { Accounts, Token, User } from './access/accounts-file.ts';
export { readAccounts } from './access/accounts-file.ts';
export type { UserChange } from './access/manage.ts';
export { addToken, addUser, changeUser, revokeToken } from './access/manage.ts';
export { openOpenId } from './access/open-id.ts';
export type { PersonRole } from './access/roles.ts';
export { PERSON_ROLES } from './access/roles.ts';

// What the order of the list does to waits

export type { ShiftReport } from './order/shift-report.ts';
export { shiftReport } from './order/shift-report.ts';
export type { Rates, Shift, SimulatedShift } from './order/simulate-shift.ts';
export { simulateShift, USUAL_SHIFT } from './order/simulate-shift.ts';

// The configuration

export { openDoors } from './settings/doors.ts';
export { refuseUnsafe } from './settings/exposure.ts';
export type { Override } from './settings/read-settings.ts';
export { checkSettings, readSettings } from './settings/read-settings.ts';
export { followCertificate } from './settings/renewed-tls.ts';
export { settingsExample } from './settings/settings-example.ts';
export { readTlsKeys } from './settings/tls-files.ts';
export { renewTls } from './tls.ts';

// Readers' verdicts as labels

export type { ExportedLabels } from './verdicts/export-labels.ts';
export { exportLabels } from './verdicts/export-labels.ts';

// Workers

export type { Clerk, ClerkEvents } from './worker/clerk.ts';
export { startClerk } from './worker/clerk.ts';
export type { WorkOptions } from './worker/remote-worker.ts';
export { work } from './worker/remote-worker.ts';

// Rules

export type { Rule, RuleDecision, TriedRule } from './rules/rule.ts';
export { tryRules } from './rules/try-rules.ts';

// What is wrong

export { examine } from './doctor/examine.ts';
export type { Finding } from './doctor/finding.ts';
export { findingOf } from './doctor/finding.ts';

// The whole service

export type { ServeOptions, Service } from './serve.ts';
export { serve } from './serve.ts';

// The pages

export { PAGE_FOLDER } from './http/page.ts';
export { PAGE_PARTS } from './http/page-parts.ts';

// OHIF before DICOMweb

export { DICOMWEB } from './http/dicomweb-answers.ts';
export { OHIF_PAGE, ohifRoutes, ohifSettings } from './http/ohif.ts';

// The page without a server, with a study of the disk

export type { StudyOnView, ViewOptions } from './http/view.ts';
export { viewStudy } from './http/view.ts';
