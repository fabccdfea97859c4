#!/usr/bin/env node
// No static imports: an older Node must get as far as the line below.
const needed = [22, 18];
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  process.stderr.write(
    `pcap-audit needs Node.js ${needed.join('.')} or newer; this is ${process.versions.node}. In a clone, \`npx pcap-audit\` runs it on the Node.js that npm ci installed.\n`,
  );
  process.exitCode = 2;
} else {
  start();
}

async function start() {
  const { setFlagsFromString } = await import('node:v8');
  // what lives long is small and the rest dies at once: a large nursery would only be memory
  setFlagsFromString('--max-semi-space-size=2');
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=30');
  await rememberCompiled();
  const { existsSync } = await import('node:fs');
  const built = new URL('../dist/cli.js', import.meta.url);
  const { main } = await import(existsSync(built) ? built.href : new URL('../src/cli.ts', import.meta.url).href);
  await main(process.argv);
}

/** Keeps the compiled modules in the user's own cache folder, which only saves time: without one they are compiled anew. */
async function rememberCompiled() {
  const { homedir } = await import('node:os');
  const { join } = await import('node:path');
  const { enableCompileCache } = await import('node:module');
  try {
    const folder = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
    enableCompileCache?.(join(folder, 'pcap-audit', 'compiled'));
  } catch {
    // a user without a home, as in containers
  }
}
