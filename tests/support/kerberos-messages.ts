import { der } from './gss-tokens.ts';

/** Builds what clients and a KDC say, for tests, from the ASN.1 of RFC 4120 §5.4 and §5.9. */

const integer = (value: number) =>
  value >= -128 && value < 128
    ? der(0x02, Uint8Array.of(value & 255))
    : der(0x02, Uint8Array.of((value >> 8) & 255, value & 255));
const general = (text: string) => der(0x1b, Buffer.from(text));
const field = (number: number, content: Uint8Array) => der(0xa0 | number, content);
const time = der(0x18, Buffer.from('20370913024805Z'));
export const name = (...components: string[]) =>
  der(0x30, field(0, integer(1)), field(1, der(0x30, ...components.map(general))));
const encrypted = (etype: number) =>
  der(0x30, field(0, integer(etype)), field(1, integer(2)), field(2, der(0x04, new Uint8Array(120).fill(0xec))));

export const realm = 'EXAMPLE.TEST';

export interface Request {
  client?: string[] | null;
  service?: string[];
  etypes?: number[];
  /** PA-DATA types */
  padata?: number[];
}

function request(
  type: 10 | 12,
  { client = ['hub1$'], service = ['krbtgt', realm], etypes = [18, 17, 23], padata = [] }: Request,
) {
  const body = der(
    0x30,
    field(0, der(0x03, Uint8Array.of(0, 0x50, 0, 0, 0x10))),
    ...(client ? [field(1, name(...client))] : []),
    field(2, general(realm)),
    field(3, name(...service)),
    field(5, time),
    field(7, integer(77)),
    field(8, der(0x30, ...etypes.map(integer))),
  );
  const values = padata.map((kind) =>
    der(0x30, field(1, integer(kind)), field(2, der(0x04, Buffer.from('Lab-Proof')))),
  );
  return der(
    0x60 | type,
    der(
      0x30,
      field(1, integer(5)),
      field(2, integer(type)),
      ...(values.length > 0 ? [field(3, der(0x30, ...values))] : []),
      field(4, body),
    ),
  );
}

export const asReq = (is: Request = {}) => request(10, is);
/** The ticket that is shown is PA-DATA 1. */
export const tgsReq = (service: string[], is: Request = {}) =>
  request(12, { client: null, service, padata: [1], ...is });

export interface Reply {
  client?: string[];
  crealm?: string;
  service?: string[];
  /** the ticket's, and that of what the client is told */
  etypes?: [number, number];
  padata?: number[];
}

function reply(type: 11 | 13, is: Reply) {
  const { client = ['hub1$'], crealm = realm, service = ['krbtgt', realm], etypes = [18, 18], padata = [] } = is;
  const ticket = der(
    0x61,
    der(
      0x30,
      field(0, integer(5)),
      field(1, general(realm)),
      field(2, name(...service)),
      field(3, encrypted(etypes[0])),
    ),
  );
  const values = padata.map((kind) =>
    der(0x30, field(1, integer(kind)), field(2, der(0x04, Buffer.from('Lab-Proof')))),
  );
  return der(
    0x60 | type,
    der(
      0x30,
      field(0, integer(5)),
      field(1, integer(type)),
      ...(values.length > 0 ? [field(2, der(0x30, ...values))] : []),
      field(3, general(crealm)),
      field(4, name(...client)),
      field(5, ticket),
      field(6, encrypted(etypes[1])),
    ),
  );
}

export const asRep = (is: Reply = {}) => reply(11, is);
export const tgsRep = (service: string[], is: Reply = {}) => reply(13, { service, ...is });

export const krbError = (code: number, service = ['krbtgt', realm]) =>
  der(
    0x7e,
    der(
      0x30,
      field(0, integer(5)),
      field(1, integer(30)),
      field(4, time),
      field(5, integer(1)),
      field(6, integer(code)),
      field(9, general(realm)),
      field(10, name(...service)),
    ),
  );

/** As TCP carries it: after its length. */
export const overTcp = (...messages: Uint8Array[]): Uint8Array =>
  new Uint8Array(
    Buffer.concat(
      messages.flatMap((message) => {
        const length = Buffer.alloc(4);
        length.writeUInt32BE(message.length);
        return [length, message];
      }),
    ),
  );
