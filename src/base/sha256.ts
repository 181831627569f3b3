import { sha256 as hash } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/**
 * SHA-256 (FIPS 180-4) in hexadecimal digits. Not the browser's own: it is kept from pages that came over plain http, as
 * in many hospitals' networks.
 */
export const sha256 = (bytes: Uint8Array): string => bytesToHex(hash(bytes));
