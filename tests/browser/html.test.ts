import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditReport, FlowReport } from '../../src/check/audit-report.ts';
import { everythingReport } from '../support/everything-report.ts';
import { hostileReport, hostileText } from '../support/hostile-report.ts';
import { print } from '../support/print.ts';
import { sampleFlow, sampleReport } from '../support/sample-report.ts';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));
if (!executablePath) console.warn('SKIPPED: chromium is missing, so no HTML report was opened in a browser');

const folder = mkdtempSync(join(tmpdir(), 'pcap-audit-browser-'));
/** nothing but the page itself, and no word to anybody */
const flags =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'.split(
    ' ',
  );
let browser: BrowserContext;

async function start(
  options: { javaScriptEnabled?: boolean; colorScheme?: 'light' | 'dark' } = {},
): Promise<BrowserContext> {
  return chromium.launchPersistentContext(mkdtempSync(join(folder, 'profile-')), {
    executablePath: executablePath!,
    headless: true,
    args: flags,
    viewport: { width: 1200, height: 900 },
    ...options,
  });
}

interface Opened {
  page: Page;
  /** what went wrong, or anywhere */
  complaints: string[];
  milliseconds: number;
}

async function open(report: AuditReport, language: 'en' | 'ko' = 'en', context = browser): Promise<Opened> {
  const file = join(folder, 'report.html');
  writeFileSync(file, print('html', report, { language }));
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url() !== `file://${file}` && !request.url().startsWith(`file://${file}#`))
      complaints.push(request.url());
  });
  const begun = performance.now();
  await page.goto(`file://${file}`);
  return { page, complaints, milliseconds: performance.now() - begun };
}

describe.skipIf(!executablePath)('the HTML report in a browser', () => {
  beforeAll(async () => {
    browser = await start();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('opens without an error or a request, and every link inside it leads somewhere', async () => {
    const { page, complaints } = await open(everythingReport());
    const dead = await page.evaluate(() =>
      [...document.querySelectorAll('a[href^="#"]')]
        .map((link) => link.getAttribute('href')!.slice(1))
        .filter((id) => document.getElementById(id) === null),
    );
    expect(dead).toEqual([]);
    const ids = await page.evaluate(() => [...document.querySelectorAll('[id]')].map(({ id }) => id));
    expect(ids.length).toBe(new Set(ids).size);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('searches, filters, and clears both for a deep link', async () => {
    const { page, complaints } = await open(sampleReport());
    const shown = () => page.locator('table.flows tbody tr:visible').count();
    expect(await shown()).toBe(4);
    await page.keyboard.press('/');
    await page.keyboard.type('edge1');
    await page.waitForFunction(() => document.querySelector('.found')!.textContent !== '');
    expect(await shown()).toBe(1);
    await page.locator('#search').fill('');
    await page.locator('#show').selectOption('fail');
    expect(await shown()).toBe(1);
    await page.evaluate(() => {
      location.hash = '#flow-f0000000000000003';
    });
    await page.waitForFunction(() => document.querySelector<HTMLSelectElement>('#show')!.value === '');
    expect(await shown()).toBe(4);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('sorts by a column, by keyboard alone, and says which', async () => {
    const { page } = await open(sampleReport());
    const servers = () => page.locator('table.flows tbody tr td:nth-child(3)').allInnerTexts();
    const before = await servers();
    const head = page.locator('table.flows th:nth-child(3) button');
    await head.focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('table.flows th:nth-child(3)').getAttribute('aria-sort')).toBe('ascending');
    expect(await servers()).toEqual([...before].sort((a, b) => a.localeCompare(b, undefined, { numeric: true })));
    await page.keyboard.press('Enter');
    expect(await page.locator('table.flows th:nth-child(3)').getAttribute('aria-sort')).toBe('descending');
    await page.close();
  });

  test('leads the keyboard past the first page, and shows where it is', async () => {
    const { page } = await open(sampleReport());
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement!.className)).toBe('skip');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => location.hash)).toBe('#findings');
    await page.keyboard.press('Tab');
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle);
    expect(outline).toBe('solid');
    await page.close();
  });

  test('copies a filter, exactly', async () => {
    await browser.grantPermissions(['clipboard-read', 'clipboard-write']);
    const { page } = await open(sampleReport());
    const button = page.locator('article[id^="finding-hub-to-hub"] details.filter button.copy').first();
    await page.locator('article[id^="finding-hub-to-hub"] details.filter summary').first().click();
    await button.click();
    await expect.poll(() => button.textContent()).toBe('Copied');
    const [first] = [...sampleReport().flows];
    expect(await page.evaluate(() => getSelection()!.toString() || navigator.clipboard.readText())).toBe(
      first!.wiresharkFilter,
    );
    await page.close();
  });

  test('says the same without script', async () => {
    const context = await start({ javaScriptEnabled: false });
    const { page } = await open(sampleReport(), 'en', context);
    // the gravest first
    await expect(page.locator('article h4').first().innerText()).resolves.toContain('password in clear in frame 31');
    expect(await page.locator('.toolbar, button').count()).toBe(0);
    expect(await page.locator('table.flows tbody tr:visible').count()).toBe(4);
    await context.close();
  });

  test.each(Object.entries(hostileText))('does nothing with hostile text: %s', async (_name, text) => {
    const { page, complaints } = await open(hostileReport(text));
    await page.locator('#search').fill('alert');
    await page.evaluate(
      (hostile) => {
        location.hash = `#${encodeURIComponent(hostile)}`;
      },
      text.replace('\ud800', ''),
    );
    await page.mouse.move(300, 300);
    expect(await page.locator('script').count()).toBe(1);
    expect(await page.locator('[onmouseover], [onerror], [onclick], iframe, img, object').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('opens with 100,000 flows in less than three seconds', async () => {
    const flows: Iterable<FlowReport> = {
      *[Symbol.iterator]() {
        for (let at = 0; at < 100_000; at++) yield sampleFlow({ id: `flow-${at}` });
      },
    };
    const sample = sampleReport();
    const many = { ...sample, flows, captureQuality: { ...sample.captureQuality, flows: 100_000 } };
    const { page, complaints, milliseconds } = await open(many);
    expect(await page.locator('.notice').allInnerTexts()).toContain(
      'and 98,000 more flows: all stand in the JSON report',
    );
    expect(complaints).toEqual([]);
    expect(milliseconds).toBeLessThan(3000);
    await page.close();
  });

  test('prints: the first page is the management summary, and the findings begin on the next', async () => {
    const { page } = await open(sampleReport());
    const file = join(folder, 'report.pdf');
    await page.pdf({ path: file, preferCSSPageSize: true });
    await page.close();
    if (spawnSync('pdftotext', ['-v']).status !== 0) {
      console.warn('SKIPPED: pdftotext is missing, so the printed pages were not read');
      return;
    }
    const text = (number: number) =>
      execFileSync('pdftotext', ['-layout', '-f', `${number}`, '-l', `${number}`, file, '-'], { encoding: 'utf8' });
    const first = text(1);
    for (const part of [
      'FAIL',
      'Decided 7 of 9',
      'What to do',
      'Make the sending server use TLS',
      'What this audit does not say',
    ]) {
      expect(first).toContain(part);
    }
    expect(first).not.toContain('How to fix it');
    expect(text(2)).toMatch(/Findings[\s\S]*How to fix it/);
    expect(text(2)).toContain('Commands; replace what stands in');
  });

  test('keeps WCAG 2.2 AA, as axe-core tests it, light and dark, folded and open', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await start({ colorScheme });
      const { page } = await open(everythingReport(), colorScheme === 'light' ? 'en' : 'ko', context);
      await page.evaluate(axe.source);
      for (const opened of [false, true]) {
        const broken = await page.evaluate(async (unfold) => {
          if (unfold) for (const details of document.querySelectorAll('details')) details.open = true;
          const { run } = (globalThis as unknown as { axe: typeof import('axe-core') }).axe;
          const { violations } = await run(document, {
            runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
          });
          return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200))}`);
        }, opened);
        expect(broken, `${colorScheme}, ${opened ? 'open' : 'folded'}`).toEqual([]);
      }
      await context.close();
    }
  });

  test('is in Korean, and says so', async () => {
    const { page, complaints } = await open(sampleReport(), 'ko');
    expect(await page.title()).toBe('데이터 경로 감사');
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('ko');
    expect(await page.locator('.toolbar button').innerText()).toBe('지우기');
    expect(complaints).toEqual([]);
    await page.close();
  });
});
