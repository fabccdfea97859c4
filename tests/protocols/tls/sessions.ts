import { readFileSync } from 'node:fs';
import { Duplex } from 'node:stream';
import { type ConnectionOptions, connect, createServer, type TlsOptions } from 'node:tls';
import type { Direction } from '../../../src/flows/direction.ts';

/** What one side wrote, in order. */
export type Said = readonly [Direction, Uint8Array];

const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}.pem`, import.meta.url), 'latin1');

export const serverIdentity = { cert: fixture('server') + fixture('ca'), key: fixture('server-key') };
export const clientIdentity = { cert: fixture('client'), key: fixture('client-key') };

export interface Play {
  client?: ConnectionOptions;
  server?: TlsOptions;
  /** lines that the client sends after the handshake, each of which the server echoes; none: it only shakes hands */
  lines?: string[];
  /** handshakes before the recorded one, whose session it then offers */
  resume?: boolean;
}

/** Two real endpoints of node:tls talking over memory: what each of them wrote. The handshake may fail, if so configured. */
export async function recordSession(play: Play = {}): Promise<Said[]> {
  const server = createServer({ ...serverIdentity, rejectUnauthorized: false, ...play.server });
  // session ids instead of tickets are the application's to keep
  const sessions = new Map<string, Buffer>();
  server.on('newSession', (id, data, done) => {
    sessions.set(id.toString('hex'), data);
    done();
  });
  server.on('resumeSession', (id, done) => done(null, sessions.get(id.toString('hex')) ?? null));
  server.on('tlsClientError', () => {});
  server.on('secureConnection', (socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => socket.write(data));
    socket.on('end', () => socket.end());
  });
  const first = await talk(server, play, undefined);
  if (!play.resume) return first.said;
  return (await talk(server, play, first.session)).said;
}

async function talk(
  server: ReturnType<typeof createServer>,
  { client, lines = [] }: Play,
  session: Buffer | undefined,
) {
  const said: Said[] = [];
  const [clientEnd, serverEnd] = duplexPair((direction, bytes) => said.push([direction, Uint8Array.from(bytes)]));
  server.emit('connection', serverEnd);
  const offer = session ? { session } : {};
  const socket = connect({ socket: clientEnd, rejectUnauthorized: false, ...client, ...offer });
  let latest: Buffer | undefined;
  socket.on('session', (data) => {
    latest = data;
  });
  await new Promise<void>((resolve) => {
    let next = 0;
    const proceed = () => {
      if (next < lines.length) socket.write(lines[next++]!);
      else socket.end();
    };
    // on a busy machine a line said too early would go out together with the client's Finished
    let through = 0;
    const secured = () => {
      // session tickets of TLS 1.3 come after the handshake
      if (++through === 2) setTimeout(proceed, 20);
    };
    server.once('secureConnection', secured);
    socket.on('secureConnect', secured);
    socket.on('data', proceed);
    socket.on('error', () => resolve());
    socket.on('close', () => resolve());
  });
  return { said, session: latest };
}

function duplexPair(heard: (direction: Direction, bytes: Uint8Array) => void): [Duplex, Duplex] {
  const make = (direction: Direction, peer: () => Duplex): Duplex =>
    new Duplex({
      read() {},
      write(chunk: Uint8Array, _encoding, done) {
        heard(direction, chunk);
        if (!peer().destroyed) peer().push(chunk);
        done();
      },
      final(done) {
        if (!peer().destroyed) peer().push(null);
        done();
      },
      destroy(error, done) {
        if (!peer().destroyed) peer().push(null);
        done(error);
      },
    });
  const client: Duplex = make('client', () => server);
  const server: Duplex = make('server', () => client);
  return [client, server];
}
