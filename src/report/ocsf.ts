import type { AuditReport } from '../check/audit-report.ts';
import type { Result } from '../check/result.ts';
import { endsOf } from './finding.ts';
import type { FormatOptions, Sink } from './format.ts';
import { jsonText } from './json-text.ts';
import { type ResultLine, resultLines } from './result-lines.ts';
import { wordsOf } from './words/language.ts';
import type { Words } from './words.ts';

const schemaVersion = '1.3.0';
/** class 2003, Compliance Finding, activity 1, Create */
const classUid = 2003;

/** OCSF's numbers for our results: what was not judged is no finding. */
const statuses = {
  pass: { status_id: 1, status: 'Pass', severity_id: 1, severity: 'Informational' },
  informational: { status_id: 1, status: 'Pass', severity_id: 1, severity: 'Informational' },
  unknown: { status_id: 2, status: 'Warning', severity_id: 0, severity: 'Unknown' },
  error: { status_id: 2, status: 'Warning', severity_id: 0, severity: 'Unknown' },
  fail: { status_id: 3, status: 'Fail', severity_id: 4, severity: 'High' },
} as const satisfies Partial<Record<Result, object>>;

/** OCSF Compliance Findings, one JSON object a line: one for each check of each flow that was judged. */
export function writeOcsf(report: AuditReport, options: Pick<FormatOptions, 'language'>, sink: Sink): void {
  const words = wordsOf(options.language);
  for (const line of resultLines(report, words)) {
    if (line.row.result in statuses) sink(`${jsonText(eventOf(line, report, options.language, words))}\n`);
  }
}

function eventOf(line: ResultLine, report: AuditReport, language: FormatOptions['language'], words: Words) {
  const { flow, path, row, message, expected, remedy } = line;
  const { check, result, reason, evidence, accepted } = row;
  const { severity_id, severity, ...compliance } = statuses[result as keyof typeof statuses];
  const uid = `${flow.id}/${path.id}/${check}`;
  return {
    activity_id: 1,
    activity_name: 'Create',
    category_uid: 2,
    category_name: 'Findings',
    class_uid: classUid,
    class_name: 'Compliance Finding',
    type_uid: classUid * 100 + 1,
    time: milliseconds(flow.lastSeen),
    start_time: milliseconds(flow.firstSeen),
    end_time: milliseconds(flow.lastSeen),
    severity_id,
    severity,
    ...(accepted
      ? {
          status_id: 3,
          status: 'Suppressed',
          comment: words.phrases.acceptedBy(accepted.by, accepted.until, accepted.reason),
        }
      : { status_id: 1, status: 'New' }),
    message,
    metadata: {
      version: schemaVersion,
      product: { name: report.tool.name, vendor_name: report.tool.name, version: report.tool.version },
      ...(report.stamp === null ? {} : { processed_time: milliseconds(report.stamp) }),
    },
    finding_info: {
      uid,
      title: `${path.title[language]}: ${words.check[check]}`,
      desc: `${words.reason[reason]} ${expected}`,
      first_seen_time: milliseconds(flow.firstSeen),
      last_seen_time: milliseconds(flow.lastSeen),
      data_sources: flow.captures,
      types: [check],
    },
    compliance: {
      ...compliance,
      status_code: reason,
      status_detail: words.reason[reason],
      control: `${path.id}/${check}`,
      requirements: [path.id],
      standards: report.rulePacks.map(({ id, version }) => `${id} ${version}`),
    },
    resources: [{ uid: flow.id, name: endsOf(flow), type: 'network flow' }],
    ...(remedy === null
      ? {}
      : { remediation: { desc: [remedy.title[language], ...remedy.steps[language]].join('\n') } }),
    unmapped: { evidence, wireshark_filter: flow.wiresharkFilter },
  };
}

const milliseconds = (time: string): number => Date.parse(time);
