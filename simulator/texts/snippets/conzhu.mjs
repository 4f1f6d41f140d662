// Node.js 20, without any package. 需要 Node.js 20，无需其他包。
import crypto from "node:crypto";
import http from "node:http";

// From the account letter; the keys are each one line of Base64. 取自开户信，密钥为单行 Base64。
const { PLATFORM, BTC_ID, INSTITUTION_TYPE, API_KEY, API_SECRET, RSA_PK, RSA_SK, API_RSA_PK } =
  process.env;

// [timestamp]
export function timestamp() { // China is always 8 hours ahead of UTC 东八区
  return new Date(Date.now() + 8 * 3600_000).toISOString().replace(/\D/g, "").slice(0, 14);
}

// [amount]
export function amount(number) { // no toString(), no toLocaleString()
  return Number(number).toFixed(2);
}

// [list]
export function list(rows) { // params.files = list(rows), then sign 再签名
  return JSON.stringify(rows);
}

// [plaintext]
export function plaintext(params) { // values are strings 值均为字符串
  return Buffer.from(JSON.stringify(params), "utf8");
}

// [sign]
export function sign(params, secret) {
  const names = Object.keys(params).filter((name) => name !== "sign").sort(); // no localeCompare
  const base = secret + names.map((name) => name + params[name]).join("") + secret;
  return crypto.createHash("md5").update(base, "utf8").digest("hex").toUpperCase();
}

// [seal]
export function seal(plain, publicKey) {
  const der = Buffer.from(publicKey, "base64");
  const key = crypto.createPublicKey({ key: der, format: "der", type: "spki" });
  const room = key.asymmetricKeyDetails.modulusLength / 8 - 11;
  const padding = crypto.constants.RSA_PKCS1_PADDING; // the default is OAEP 默认为 OAEP
  const blocks = [];
  for (let at = 0; at < plain.length; at += room)
    blocks.push(crypto.publicEncrypt({ key, padding }, plain.subarray(at, at + room)));
  return Buffer.concat(blocks).toString("base64"); // once, at the end 最后统一做一次
}

// [open]
export function open(param) {
  const der = Buffer.from(RSA_SK, "base64");
  const key = crypto.createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const size = key.asymmetricKeyDetails.modulusLength / 8;
  const sealed = Buffer.from(param, "base64");
  // Node 20 refuses RSA_PKCS1_PADDING here (CVE-2023-46809): take off 00 02 … 00. 自行去除填充
  const padding = crypto.constants.RSA_NO_PADDING;
  const pieces = [];
  for (let at = 0; at < sealed.length; at += size) {
    const block = crypto.privateDecrypt({ key, padding }, sealed.subarray(at, at + size));
    const end = block.indexOf(0, 2);
    if (block[0] !== 0 || block[1] !== 2 || end < 10) throw new Error("padding");
    pieces.push(block.subarray(end + 1));
  }
  return JSON.parse(Buffer.concat(pieces).toString("utf8"));
}

// [hash]
export function hash(bytes) { // a Buffer, fs.readFileSync(path) without an encoding 不带编码参数
  return crypto.createHash("sha256").update(bytes).digest("hex");
}

// [message]
export function message(method, business) {
  const params = { // one object for both 签名与加密用同一个对象
    ...business, method, timestamp: timestamp(), btc_id: BTC_ID,
    enter_institution_type: INSTITUTION_TYPE,
  };
  params.sign = sign(params, API_SECRET); // last 最后签名
  return seal(plaintext(params), RSA_PK);
}

// [token]
export async function token() {
  const params = {
    method: "get_access_token", api_key: API_KEY, api_secret: API_SECRET, timestamp: timestamp(),
  };
  params.sign = sign(params, API_SECRET);
  const answer = await post({ param: seal(plaintext(params), API_RSA_PK) }); // not RSA_PK
  if (!answer.data.access_token) throw new Error(JSON.stringify(answer)); // refused 被拒绝
  return answer.data.access_token; // keep it for the next calls 请保存，供后续调用使用
}

// [form]
export async function post(fields) { // axios: pass new URLSearchParams(fields), no plain object
  const reply = await fetch(PLATFORM, { method: "POST", body: new URLSearchParams(fields) });
  return reply.json();
}

// [multipart]
export async function postFile(fields, name, bytes) {
  const body = new FormData();
  for (const [field, value] of Object.entries(fields)) body.append(field, value);
  body.append(name, new Blob([bytes], { type: "application/pdf" }), "a.pdf");
  const reply = await fetch(PLATFORM, { method: "POST", body }); // no Content-Type header 不要自设
  return reply.json();
}

// [endpoint]
export function serve(port, keep) { // express: app.use(express.urlencoded({ extended: false }))
  http
    .createServer(async (request, response) => {
      let answer = { status: 200 };
      try {
        let body = "";
        for await (const part of request) body += part;
        const params = open(new URLSearchParams(body).get("param"));
        if (sign(params, API_SECRET) !== params.sign) throw new Error("sign");
        await keep(params); // once only, a push may come again 只处理一次，推送可能重复
      } catch {
        answer = { status: 404, data: "验签失败" };
      }
      response.setHeader("Content-Type", "application/json").end(JSON.stringify(answer));
    })
    .listen(port);
}
