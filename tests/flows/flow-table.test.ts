import { describe, expect, test } from 'vitest';
import { ipFrame, tcpFrame, udpFrame } from '../support/build-packets.ts';
import { flowsOf, framesOf } from '../support/talk.ts';

const ends = { from: '128.232.110.120', to: '66.35.250.204', fromPort: 34_855, toPort: 80 };

describe('flows', () => {
  test("have the Community ID of the specification's baseline", () => {
    // github.com/corelight/community-id-spec, baseline/baseline_deflt.json
    const tcp = flowsOf([tcpFrame({ ...ends, flags: 'S' })])[0]!;
    expect(tcp.communityId).toBe('1:LQU9qZlK+B5F3KDmev6m5PMibrg=');
    const udp = flowsOf([udpFrame({ from: '192.168.1.52', to: '8.8.8.8', fromPort: 54_585, toPort: 53 })])[0]!;
    expect(udp.communityId).toBe('1:d/FP5EW3wiY1vCndhwleRRKHowQ=');
  });

  test('have an id from endpoints and first time alone', () => {
    const frame = tcpFrame({ ...ends, flags: 'S', time: 5 });
    const noise = udpFrame({ ...ends, time: 1 });
    expect(flowsOf([frame])[0]!.id).toBe(flowsOf([noise, frame]).find((flow) => flow.transport === 'tcp')!.id);
  });

  test('of UDP end after 120 seconds without a packet', () => {
    const at = (time: number) => udpFrame({ ...ends, time });
    expect(flowsOf([at(0), at(120), at(241)])).toHaveLength(2);
  });

  test('without ports are one per pair of hosts and protocol', () => {
    const esp = ipFrame('10.0.0.1', '10.0.0.2', 50, new Uint8Array(40), 0);
    const back = ipFrame('10.0.0.2', '10.0.0.1', 50, new Uint8Array(40), 1);
    expect(flowsOf([esp, back])).toMatchObject([
      { transport: 'esp', frames: 2, client: { address: '10.0.0.1', port: null } },
    ]);
  });

  test('many, with deletions in between, are all found again', () => {
    const frames = [];
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 5000; i++) {
        const fromPort = 1024 + i;
        frames.push(
          tcpFrame({
            from: `10.0.${i >> 8}.${i & 255}`,
            to: '10.9.9.9',
            fromPort,
            toPort: 25,
            flags: 'S',
            sequence: 10 * round,
          }),
        );
      }
    }
    const flows = flowsOf(frames);
    expect(flows).toHaveLength(15_000);
    expect(flows.every((flow) => flow.frames === 1)).toBe(true);
  });

  test('count frames and payload of both sides', () => {
    const frames = framesOf(
      [
        ['client', 'hello'],
        ['server', 'welcome'],
      ],
      { port: 9999 },
    );
    expect(flowsOf(frames)).toMatchObject([
      { frames: 8, bytes: { client: 5, server: 7 }, state: 'SF', missedBytes: 0 },
    ]);
  });
});
