import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';
import { everythingReport } from '../support/everything-report.ts';
import { hostileReport, hostileText } from '../support/hostile-report.ts';
import { hidden, print } from '../support/print.ts';
import { sampleFlow, samplePath, sampleReport } from '../support/sample-report.ts';

/** Tables, raw HTML and links as a wiki or a pull request shows them: all that could do harm is switched on. */
const render = (text: string) => new MarkdownIt({ html: true, linkify: true }).render(text);
const tags = (page: string) => new Set([...page.matchAll(/<([a-z0-9]+)/g)].map(([, name]) => name));

const hostile = {
  ...hostileText,
  link: '[click](javascript:alert(1)) ![x](http://evil.example/x.png) http://evil.example www.evil.example',
  table: 'a | b\n| c | d',
  backticks: '`` ` ``` | x',
  mention: '@everyone #1 :tada:',
  emphasis: '**bold** _x_ ~~y~~ <!-- z -->',
  fence: '```\ncode\n```',
};

describe('the Markdown report', () => {
  const text = print('markdown', sampleReport());
  const page = render(text);

  test('says the verdict, what to do with the command, and the frame', () => {
    expect(page).toContain('<strong>FAIL</strong>: 1 path fails');
    expect(page).toContain('Make the sending server use TLS');
    expect(page).toContain('Get-SendConnector | Format-List Name,IgnoreSTARTTLS');
    expect(page).toMatch(/<code>hub1 → hub2<\/code>: mail in clear; STARTTLS was offered and not used, frame 17/);
    expect(page).toContain('01'.repeat(32));
  });

  test('has the paths as a table', () => {
    expect(page.match(/<table>/g)!.length).toBeGreaterThanOrEqual(2);
    expect(page).toMatch(/<td>Hub Transport server to Hub Transport server<\/td>\s*<td>pass<\/td>\s*<td><strong>fail/);
  });

  test('fits a comment on a pull request, however much failed', () => {
    const many = Array.from({ length: 400 }, (_, at) => at);
    const paths = many.map((at) =>
      samplePath({
        id: `path-${at}`,
        observed: 'itself',
        encryption: { result: 'fail', reason: 'clear-content', byDefault: 'yes', supported: ['tls'], observed: [] },
      }),
    );
    const flows = many.map((at) =>
      sampleFlow({
        id: `flow-${at}`,
        paths: [`path-${at}`],
        results: [{ path: `path-${at}`, check: 'encryption', result: 'fail', reason: 'clear-content', evidence: [] }],
      }),
    );
    expect(print('markdown', sampleReport({ paths, flows })).length).toBeLessThan(65_536);
    expect(print('markdown', everythingReport()).length).toBeLessThan(65_536);
  });

  test.each(Object.entries(hostile))('shows hostile text and does nothing with it: %s', (_name, raw) => {
    const printed = print('markdown', hostileReport(raw));
    expect(printed).not.toMatch(hidden);
    const shown = render(printed);
    const allowed = tags(page);
    expect([...tags(shown)].filter((tag) => !allowed.has(tag))).toEqual([]);
    const clean = render(print('markdown', hostileReport('plain')));
    for (const part of ['<td', '<tr', '<li', '<h2', '<h3', '<strong']) {
      expect([part, shown.split(part).length]).toEqual([part, clean.split(part).length]);
    }
    // nobody is mentioned outside code
    expect(shown.replace(/<code>.*?<\/code>/gs, '')).not.toMatch(/@everyone/);
  });
});
