// What is published, into dist/: the program as one module a room, so that starting it does not mean finding hundreds of
// files; the rule packs, parsed; and the licences of the libraries that went in.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { parsePacks } from './parse-packs.mjs';

const root = new URL('../', import.meta.url);
const dist = new URL('dist/', root);
rmSync(dist, { recursive: true, force: true });

// rooms, and what stands between them
const rooms = readdirSync(new URL('src/', root))
  .map((name) => name.replace('.ts', ''))
  .filter((name) => name !== 'cli');
const bundle = await rolldown({
  cwd: fileURLToPath(root),
  input: { cli: 'src/cli.ts', 'capture/hash-worker': 'src/capture/hash-worker.ts' },
  platform: 'node',
  preserveEntrySignatures: 'allow-extension',
  // prebuilt machine code stays where npm puts it
  external: [/^node:/, 'better-sqlite3'],
});
const { output } = await bundle.write({
  dir: fileURLToPath(dist),
  format: 'esm',
  chunkFileNames: '[name].js',
  codeSplitting: {
    includeDependenciesRecursively: false,
    groups: [
      { name: 'libraries', test: /node_modules/ },
      ...rooms.map((room) => ({
        name: room,
        test: new RegExp(`[\\\\/]src[\\\\/]${room}(\\.ts$|[\\\\/](?!hash-worker))`),
      })),
    ],
  },
});
writeFileSync(new URL('LICENSES.txt', dist), licences(output.flatMap(({ moduleIds = [] }) => moduleIds)));

mkdirSync(new URL('store/', dist));
cpSync(new URL('src/store/schema.sql', root), new URL('store/schema.sql', dist));

parsePacks(new URL('rules/', dist));

/** The licence of every library that a module comes from. */
function licences(modules) {
  const folders = new Set(modules.flatMap((id) => /^.*node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id)?.[0] ?? []));
  return [...folders]
    .sort()
    .map(licence)
    .join(`\n${'-'.repeat(80)}\n\n`);
}

function licence(folder) {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
  return `${name} ${version} (${license})\n\n${file ? readFileSync(`${folder}/${file}`, 'utf8') : ''}`;
}
