import type { AuditReport } from '../../check/audit-report.ts';
import type { Result } from '../../check/result.ts';
import type { Language } from '../format.ts';
import { thousands } from '../number.ts';
import { type RolePair, type Statistics, worstOf } from '../statistics.ts';
import { wrap } from '../terminal/width.ts';
import type { Words } from '../words.ts';
import { badge, signOf } from './badge.ts';
import { html, type Markup } from './escape.ts';
import { roleName } from './role-name.ts';
import { drawing, fitted, tenth } from './svg.ts';
import { row, table } from './table.ts';

/** nodes and arrows drawn: more is a tangle; the table beside it has the rest */
const nodesDrawn = 14;
const pairsListed = 60;
const nodeWidth = 206;
const nodeHeight = 44;
const nodeColumns = 27;
/** more nodes take a larger ellipse, or they would cover each other */
const sizeFor = (nodes: number): Size => (nodes > 8 ? { width: 1160, height: 640 } : { width: 900, height: 480 });

/** Who talked to whom: roles as nodes, flows as arrows, drawn by their worst result; and the same as a table. */
export function roleMap(report: AuditReport, { pairs }: Statistics, language: Language, words: Words): Markup | null {
  const { map } = words.page;
  const all = [...pairs.values()].sort((a, b) => b.flows - a.flows);
  if (all.length === 0) return null;
  const name = (roles: string[]) =>
    roles.length === 0
      ? map.unknownRole
      : roles.map((role) => roleName(role, report.reference, language, words)).join(' + ');
  const nodes = [...new Set(all.flatMap(({ from, to }) => [name(from), name(to)]))].slice(0, nodesDrawn);
  const size = sizeFor(nodes.length);
  const places = new Map(nodes.map((node, at) => [node, placeOf(at, nodes.length, size)]));
  const arrows = all.flatMap((pair) => {
    const [from, to] = [places.get(name(pair.from)), places.get(name(pair.to))];
    return from && to ? [arrow(pair, from, to, size, words)] : [];
  });
  const boxes = nodes.map((node) => {
    const { x, y } = places.get(node)!;
    return html`<g class="node"><rect x="${tenth(x - nodeWidth / 2)}" y="${tenth(y - nodeHeight / 2)}" width="${nodeWidth}" height="${nodeHeight}" rx="4"/>${label(node, x, y)}<title>${node}</title></g>
`;
  });
  const rows = all.slice(0, pairsListed).map((pair) => {
    const worst = worstOf(pair);
    return row(html`${name(pair.from)}`, [
      html`${name(pair.to)}`,
      html`${thousands(pair.flows)}`,
      worst === null
        ? html`${noPath(pair.exposed, words)}`
        : html`${badge(worst.result, words)}${pair.exposed === 0 ? null : html`<small>${besides(pair.exposed, words)}</small>`}`,
    ]);
  });
  return html`<h2 id="map">${words.page.heading.map}</h2>
${drawing('map-drawing', { ...size, title: words.page.heading.map, description: map.description }, html`${arrows}${boxes}`, 'group')}${table(map.caption, map.columns, rows, 'sortable')}${
  all.length > pairsListed ? html`<p class="notice">${map.left(all.length - pairsListed)}</p>\n` : null
}`;
}

/** What is said of flows that no path answers for. */
const noPath = (exposed: number, { page, phrases }: Words): string =>
  exposed === 0 ? page.map.noPath : `${page.map.noPath}; ${page.map.exposed(phrases.count(exposed, 'flow'))}`;

const besides = (exposed: number, { page, phrases }: Words): string => page.map.besides(phrases.count(exposed, 'flow'));

interface Place {
  x: number;
  y: number;
}

interface Size {
  width: number;
  height: number;
}

/** On an ellipse, the first at the left. */
function placeOf(at: number, count: number, { width, height }: Size): Place {
  const angle = Math.PI + (2 * Math.PI * at) / count;
  return { x: width / 2 + Math.cos(angle) * (width / 2 - 110), y: height / 2 + Math.sin(angle) * (height / 2 - 44) };
}

/** A node's name in one line or two. */
function label(name: string, x: number, y: number): Markup {
  const lines = wrap(name, nodeColumns);
  if (lines.length > 2) lines.splice(1, lines.length - 1, fitted(lines.slice(1).join(' '), nodeColumns - 1));
  const top = y + 5 - (lines.length - 1) * 8;
  return html`${lines.map((line, at) => html`<text x="${tenth(x)}" y="${tenth(top + at * 16)}">${line}</text>`)}`;
}

/** A bent line, so that the two directions between two nodes stay apart; a loop where both ends are one. */
function arrow(pair: RolePair, from: Place, to: Place, size: Size, words: Words): Markup {
  const { flows, exposed } = pair;
  const gravest = worstOf(pair);
  const worst = gravest?.result ?? null;
  const drawnAs: Result | 'none' | 'exposed' = worst ?? (exposed > 0 ? 'exposed' : 'none');
  const text = `${thousands(flows)} ${worst === null ? (exposed > 0 ? '✗' : '') : signOf(worst)}`.trim();
  const said = `${words.phrases.count(flows, 'flow')}: ${worst === null ? noPath(exposed, words) : words.result[worst]}${worst === null || exposed === 0 ? '' : `; ${besides(exposed, words)}`}`;
  const { line, head, middle } = from === to ? loop(from, size) : bow(from, to);
  const drawn = html`<g class="arrow ${drawnAs}"><path class="line" d="${line}"/><path class="head" d="${head}"/><rect class="plate" x="${tenth(middle.x - text.length * 4)}" y="${tenth(middle.y - 9)}" width="${tenth(text.length * 8)}" height="16"/><text x="${tenth(middle.x)}" y="${tenth(middle.y + 4)}">${text}</text><title>${said}</title></g>`;
  return gravest === null ? html`${drawn}\n` : html`<a href="#path-${gravest.path}">${drawn}</a>\n`;
}

function bow(from: Place, to: Place): { line: string; head: string; middle: Place } {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const bend = 26;
  const control = {
    x: (from.x + to.x) / 2 - (dy / length) * bend * 2,
    y: (from.y + to.y) / 2 + (dx / length) * bend * 2,
  };
  const end = edgeOf(to, control);
  const start = edgeOf(from, control);
  const middle = { x: (start.x + 2 * control.x + end.x) / 4, y: (start.y + 2 * control.y + end.y) / 4 };
  return {
    line: `M${point(start)} Q${point(control)} ${point(end)}`,
    head: headAt(end, Math.atan2(end.y - control.y, end.x - control.x)),
    middle,
  };
}

function loop({ x, y }: Place, { height }: Size): { line: string; head: string; middle: Place } {
  const up = y > height / 2 ? -1 : 1;
  const edge = y + (up * nodeHeight) / 2;
  const far = edge + up * 46;
  return {
    line: `M${tenth(x - 30)} ${tenth(edge)} C${tenth(x - 44)} ${tenth(far)} ${tenth(x + 44)} ${tenth(far)} ${tenth(x + 30)} ${tenth(edge)}`,
    head: headAt({ x: x + 30, y: edge }, up > 0 ? -Math.PI / 2 - 0.3 : Math.PI / 2 + 0.3),
    middle: { x, y: edge + up * 36 },
  };
}

/** Where a line towards the middle of a node meets its box. */
function edgeOf(node: Place, seenFrom: Place): Place {
  const [dx, dy] = [seenFrom.x - node.x, seenFrom.y - node.y];
  const scale = Math.min(nodeWidth / 2 / Math.max(Math.abs(dx), 0.001), nodeHeight / 2 / Math.max(Math.abs(dy), 0.001));
  return { x: node.x + dx * scale, y: node.y + dy * scale };
}

function headAt(tip: Place, angle: number): string {
  const wing = (turn: number) => ({
    x: tip.x - 12 * Math.cos(angle + turn),
    y: tip.y - 12 * Math.sin(angle + turn),
  });
  return `M${point(tip)} L${point(wing(0.4))} L${point(wing(-0.4))} Z`;
}

const point = ({ x, y }: Place): string => `${tenth(x)} ${tenth(y)}`;
