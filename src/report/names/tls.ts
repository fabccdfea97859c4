import { cipherSuites } from './tls-cipher-suites.ts';

const versions: ReadonlyMap<number, string> = new Map([
  [0x0002, 'SSLv2'],
  [0x0300, 'SSLv3'],
  [0x0301, '1.0'],
  [0x0302, '1.1'],
  [0x0303, '1.2'],
  [0x0304, '1.3'],
]);

/** Alerts by code: the names of the IANA registry "TLS Alerts". */
const alerts: ReadonlyMap<number, string> = new Map([
  [0, 'close_notify'],
  [1, 'end_of_early_data'],
  [10, 'unexpected_message'],
  [20, 'bad_record_mac'],
  [21, 'decryption_failed'],
  [22, 'record_overflow'],
  [30, 'decompression_failure'],
  [40, 'handshake_failure'],
  [41, 'no_certificate'],
  [42, 'bad_certificate'],
  [43, 'unsupported_certificate'],
  [44, 'certificate_revoked'],
  [45, 'certificate_expired'],
  [46, 'certificate_unknown'],
  [47, 'illegal_parameter'],
  [48, 'unknown_ca'],
  [49, 'access_denied'],
  [50, 'decode_error'],
  [51, 'decrypt_error'],
  [52, 'too_many_cids_requested'],
  [60, 'export_restriction'],
  [70, 'protocol_version'],
  [71, 'insufficient_security'],
  [80, 'internal_error'],
  [86, 'inappropriate_fallback'],
  [90, 'user_canceled'],
  [100, 'no_renegotiation'],
  [109, 'missing_extension'],
  [110, 'unsupported_extension'],
  [111, 'certificate_unobtainable'],
  [112, 'unrecognized_name'],
  [113, 'bad_certificate_status_response'],
  [114, 'bad_certificate_hash_value'],
  [115, 'unknown_psk_identity'],
  [116, 'certificate_required'],
  [117, 'general_error'],
  [120, 'no_application_protocol'],
  [121, 'ech_required'],
]);

/** A protocol version's name as in reports: `SSLv2`, `SSLv3`, `1.0` … `1.3`; its number where it has none. */
export const tlsVersionName = (version: number): string => versions.get(version) ?? hexadecimal(version);

/** A cipher suite's name, or its number. */
export const cipherSuiteName = (suite: number): string => cipherSuites.get(suite) ?? hexadecimal(suite);

/** An alert's name, or its number. */
export const tlsAlertName = (code: number): string => alerts.get(code) ?? hexadecimal(code);

const hexadecimal = (number: number): string => `0x${number.toString(16).toUpperCase().padStart(4, '0')}`;
