import type { Accounts } from '../accounts.ts';
import { thousands } from '../number.ts';
import type { Words } from '../words.ts';
import { html, type Markup } from './escape.ts';
import { row, table } from './table.ts';

/** users with several names told of, and names of each */
const alikeShown = 20;

/** Whose password went in clear, so that it can be changed. */
export function accountsInClear({ list, alike, flowsLeft }: Accounts, words: Words): Markup | null {
  if (list.length === 0) return null;
  const { page, phrases, fact } = words;
  const { accounts, heading } = page;
  const rows = list.map(({ name, token, logins, ends, flows, where }) =>
    row(
      html`${name ?? accounts.unnamed}${token ? html` <small>${accounts.token}</small>` : null}`,
      [
        html`${[...logins.values()].map(({ mechanism, outcome }) => fact.login(mechanism, outcome, null)).join('; ')}`,
        html`${[...ends].join(', ')}`,
        html`${thousands(flows)}`,
        html`${where === null ? '' : phrases.ofFile(where.frame, where.file)}`,
      ],
      { results: [] },
    ),
  );
  return html`<h2 id="accounts">${heading.accounts}</h2>
<p>${accounts.note}</p>
${list.some(({ token }) => token) ? html`<p>${accounts.tokenNote}</p>\n` : null}${alike.slice(0, alikeShown).map((names) => html`<p>${accounts.alike(names.slice(0, alikeShown).join(', '))}</p>\n`)}${table(accounts.caption, accounts.columns, rows, 'sortable')}${flowsLeft > 0 ? html`<p class="notice">${phrases.moreFlows(flowsLeft)}</p>\n` : null}`;
}
