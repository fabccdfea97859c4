import { expect, test } from 'vitest';
import type { Fact } from '../../src/protocols/fact.ts';
import { auditFlows, between, judge, secured, tried } from '../support/judge-flow.ts';

// issue "all 55 data paths": Kerberos where NTLM is default passes, marked; what is supported and no better is informational
const emsmdb: Fact = {
  kind: 'described',
  what: 'rpc-interface',
  uuid: 'a4f1db00-ca47-1067-b31f-00dd010662da',
  version: '0.81',
  authType: 16,
  authLevel: 6,
};

test('Kerberos where NTLM is the default is better than documented', () => {
  const flow = between('hub1', 'mbx1', 6005, 'dcerpc', [emsmdb, tried('kerberos'), secured('dcerpc')]);
  expect(judge(flow, 'hub-to-mailbox-mapi')).toEqual({
    port: 'pass as-expected',
    authentication: 'pass better-than-documented',
    encryption: 'pass as-expected',
  });
  const path = auditFlows([flow]).paths.find(({ id }) => id === 'hub-to-mailbox-mapi')!;
  expect(path.betterThanDocumented).toBe(true);
});

test('NTLM where Kerberos is the default is supported, and said', () => {
  const flow = between('cas1', 'mbx1', 6005, 'dcerpc', [emsmdb, tried('ntlm'), secured('dcerpc')]);
  expect(judge(flow, 'cas-to-mailbox')?.authentication).toBe('informational not-default');
});

test('the default itself is as expected', () => {
  const flow = between('hub1', 'mbx1', 6005, 'dcerpc', [emsmdb, tried('ntlm'), secured('dcerpc')]);
  expect(judge(flow, 'hub-to-mailbox-mapi')?.authentication).toBe('pass as-expected');
  const path = auditFlows([flow]).paths.find(({ id }) => id === 'hub-to-mailbox-mapi')!;
  expect(path.betterThanDocumented).toBe(false);
});
