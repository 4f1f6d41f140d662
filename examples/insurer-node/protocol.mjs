// The envelope of the platform: plaintext, blocks of RSA, Base64, sign (5.1, 5.2).
import crypto from "node:crypto";

export class CannotOpen extends Error {}

const PADDING = 11; // PKCS#1 v1.5 takes this many bytes of each block
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Split bytes into pieces of at most `size`. */
function pieces(bytes, size) {
  const found = [];
  for (let at = 0; at < bytes.length; at += size) found.push(bytes.subarray(at, at + size));
  return found;
}

const blockSize = (key) => key.asymmetricKeyDetails.modulusLength / 8;

/** Return the `param` of parameters: JSON, encrypted block by block, Base64. */
export function seal(parameters, publicKey) {
  const how = { key: publicKey, padding: crypto.constants.RSA_PKCS1_PADDING };
  const plain = Buffer.from(JSON.stringify(parameters), "utf8");
  const blocks = pieces(plain, blockSize(publicKey) - PADDING);
  return Buffer.concat(blocks.map((block) => crypto.publicEncrypt(how, block))).toString("base64");
}

/** Return the parameters inside a `param`; throw CannotOpen where there are none. */
export function open(param, privateKey) {
  const cipher = Buffer.from(param, "base64");
  const size = blockSize(privateKey);
  if (cipher.length === 0 || cipher.length % size) throw new CannotOpen("no whole blocks");
  try {
    return read(Buffer.concat(pieces(cipher, size).map((block) => openBlock(block, privateKey))));
  } catch (error) {
    throw new CannotOpen(error.message);
  }
}

// Node refuses RSA_PKCS1_PADDING in privateDecrypt since 20.11 (CVE-2023-46809), so the padding is
// taken off here: 00 02, at least eight bytes that are not zero, 00, the message. The platform is
// told nothing but "解密失败", whatever was wrong with a block.
function openBlock(block, privateKey) {
  const how = { key: privateKey, padding: crypto.constants.RSA_NO_PADDING };
  const padded = crypto.privateDecrypt(how, block);
  const end = padded.indexOf(0, 2);
  if (padded[0] !== 0 || padded[1] !== 2 || end < 10) throw new CannotOpen("wrong padding");
  return padded.subarray(end + 1);
}

// The plaintext is a JSON object or a query string; the manual does not say which.
function read(plain) {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(plain).trim();
  if (text.startsWith("{")) return JSON.parse(text);
  const found = Object.fromEntries(new URLSearchParams(text));
  if (!("sign" in found) || !Object.keys(found).every((name) => NAME.test(name))) {
    throw new CannotOpen("neither JSON nor a query string");
  }
  return found;
}

/** A value as it counts in the sign: null and false are empty, true is 1. */
export function text(value) {
  if (value === null || value === undefined || value === false) return "";
  return value === true ? "1" : String(value);
}

/** Return the sign of parameters (5.1): sorted, between two secrets, MD5, upper case. */
export function signOf(parameters, secret) {
  const names = Object.keys(parameters).filter((name) => name !== "sign");
  names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const base = secret + names.map((name) => name + text(parameters[name])).join("") + secret;
  return crypto.createHash("md5").update(base, "utf8").digest("hex").toUpperCase();
}

/** Whether the `sign` among decrypted parameters is right. */
export function isSigned(parameters, secret) {
  if (Object.values(parameters).some((value) => value !== null && typeof value === "object")) {
    return false; // an array or object has no text that both sides would sign alike
  }
  const given = Buffer.from(text(parameters.sign));
  const right = Buffer.from(signOf(parameters, secret));
  return given.length === right.length && crypto.timingSafeEqual(given, right);
}

export const sha256 = (bytes) => crypto.createHash("sha256").update(bytes).digest("hex");

/** Chinese time as `yyyy-MM-dd HH:mm:ss`. */
export function chinaTime() {
  return new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 19).replace("T", " ");
}

/** Chinese time as the `timestamp` of a call: `yyyyMMddHHmmss`. */
export const timestamp = () => chinaTime().replace(/\D/g, "");
